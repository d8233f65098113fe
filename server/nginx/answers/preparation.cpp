#include "server/nginx/answers/preparation.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <map>

#include "server/nginx/answers/known_names.hpp"
#include "server/nginx/answers/notes.hpp"
#include "server/nginx_conf/values.hpp"

namespace firstfin::nginx {

namespace {

using nginx_conf::location_settings;

constexpr std::string_view combined =
    "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" "
    "\"$http_user_agent\"";

class preparer {
public:
    explicit preparer(site_data& into)
        : into_(into),
          notes_(into.files, into.notes),
          names_(into.settings, into.files,
                 [this](nginx_conf::position where, const std::string& about, const std::string& text) {
                     notes_.add(where, about, text);
                 }) {}

    void run() {
        refuse_what_cannot_be_served();
        note_what_is_not_followed(into_.settings, notes_);
        process();
        for (std::size_t i = 0; i != into_.settings.servers.size(); ++i)
            server(into_.settings.servers[i], i);
        for (const auto& each : into_.settings.listens)
            listen(each);
    }

private:
    void refuse_what_cannot_be_served() const {
        for (const auto& each : into_.settings.servers)
            for (const auto& [value, where] : each.listens) {
                const auto refuse = [&, place = where](std::string_view why) {
                    throw bad_input(fmt::format("{}: {}", nginx_conf::origin_in_words(place, into_.files), why));
                };
                if (value.ssl) refuse("listen ... ssl: TLS is not served here; leave this server out, or its ssl");
                if (value.quic) refuse("listen ... quic: HTTP/3 is not served here; leave this listen out");
                if (value.proxy_protocol) refuse("listen ... proxy_protocol is not served here; leave the word out");
                if (value.where.kind == nginx_conf::address::family::unix_socket)
                    refuse("listen unix: only TCP is served here; listen on an address and port");
                if (value.where.kind == nginx_conf::address::family::name)
                    refuse("listen on a host name: no names are resolved here; write its address");
            }
    }

    void process() {
        char name[256] = {};
        ::gethostname(name, sizeof name - 1);
        into_.process.hostname = nginx_conf::lower_case(name);
        into_.process.version = nginx_conf::to_text(into_.settings.version);
        into_.process.joins_lines = into_.settings.version >= nginx_conf::nginx_version{1, 23, 0};
        full_ = "nginx/" + into_.process.version;
        into_.pages.push_back(std::make_unique<special_pages>(full_));
        into_.pages.push_back(std::make_unique<special_pages>("nginx"));
    }

    void server(const nginx_conf::server_settings& from, std::size_t index) {
        auto made = std::make_unique<served_server>();
        made->from = &from;
        made->index = index;
        std::string_view name = from.names.front().text;
        if (name.starts_with('.')) name.remove_prefix(1);
        made->name = name;
        location(from.level, made->level);
        for (const auto& each : made->level.nested)
            if (each->from->match.kind == nginx_conf::match_kind::named) made->named.push_back(each.get());
        into_.servers.push_back(std::move(made));
    }

    void listen(const nginx_conf::listen_socket& from) {
        served_listen made;
        made.default_server = into_.servers[from.default_server].get();
        for (const auto index : from.servers) {
            const auto* server = into_.servers[index].get();
            for (const auto& each : server->from->names) {
                std::string_view name = each.text;
                if (each.pattern || name.find('*') != std::string_view::npos) {
                    made.has_patterns = true;
                    continue;
                }
                if (name.size() > 1 && name.starts_with('.')) {
                    made.has_patterns = true;
                    name.remove_prefix(1);
                }
                made.by_name.emplace(name == "$hostname" ? into_.process.hostname : std::string(name), server);
            }
        }
        made.rules = rules_of(*made.default_server->from);
        into_.listens.push_back(std::move(made));
    }

    [[nodiscard]] http_request::request_rules rules_of(const nginx_conf::server_settings& server) const {
        const auto& version = into_.settings.version;
        http_request::request_rules out;
        out.client_header_buffer_size = static_cast<std::size_t>(server.client_header_buffer_size.value);
        out.large_buffers = static_cast<std::size_t>(server.large_client_header_buffers.value.first);
        out.large_buffer_size = static_cast<std::size_t>(server.large_client_header_buffers.value.second);
        out.ignore_invalid_headers = server.ignore_invalid_headers.value;
        out.underscores_in_headers = server.underscores_in_headers.value;
        out.merge_slashes = server.merge_slashes.value;
        out.max_headers = static_cast<std::size_t>(server.max_headers.value);
        out.speaks = http_request::dialect::of_nginx(version.major, version.minor, version.patch);
        return out;
    }

    void location(const location_settings& from, served_location& into) {
        const auto& values = from.values;
        into.from = &from;
        into.values = &values;
        const bool tokens = values.server_tokens.value != nginx_conf::tokens::off;
        into.server_lines = fmt::format("Server: {}\r\nDate: ", tokens ? full_ : "nginx");
        into.pages = into_.pages[tokens ? 0 : 1].get();
        into.kept_lines = "Connection: keep-alive\r\n";
        if (values.keepalive_header.value.count() != 0)
            into.kept_lines += fmt::format("Keep-Alive: timeout={}\r\n", values.keepalive_header.value.count());
        into.types = types(values.types.value);
        into.root = root(values);
        if (from.match.is_static()) into.alias_size = from.match.name.size();
        for (const auto& each : values.index.value)
            into.index.push_back(names_.compile(each, values.index.where));
        for (const auto& each : values.error_pages.value)
            error_pages(each, into);
        for (const auto& each : values.add_headers.value)
            into.headers.push_back(header(each));
        if (from.returns) into.returns = returns(*from.returns);
        if (from.try_files) into.tries = tries(*from.try_files);
        for (const auto& each : values.access_logs.value)
            if (const auto* log = access_log_of(each)) into.logs.push_back(log);
        into.limit_rate = names_.compile(values.limit_rate.value, values.limit_rate.where);
        into.constant_rate = nginx_conf::parse_size(values.limit_rate.value).value_or(0);
        for (const auto& each : from.nested) {
            into.nested.push_back(std::make_unique<served_location>());
            location(each, *into.nested.back());
            into.below.add(each, *into.nested.back());
        }
        into.below.order();
    }

    [[nodiscard]] std::string full_path(std::string_view path) const {
        return path.starts_with('/') ? std::string(path) : into_.prefix + std::string(path);
    }

    [[nodiscard]] root_path root(const nginx_conf::location_values& values) const {
        auto path = values.root.value;
        if (!nginx_conf::has_variables(path)) path = full_path(path);
        if (!values.is_alias.value && path.ends_with('/')) path.pop_back();
        return {names_.compile(path, values.root.where), into_.prefix};
    }

    const content_type_table* types(const nginx_conf::content_types& from) {
        auto& known = type_tables_[from.get()];
        if (known == nullptr) {
            into_.type_tables.push_back(std::make_unique<content_type_table>(from));
            known = into_.type_tables.back().get();
        }
        return known;
    }

    void error_pages(const nginx_conf::error_page& from, served_location& into) const {
        for (const int code : from.codes) {
            served_error_page made;
            made.code = code;
            made.answer = from.answer;
            if (!made.answer && code >= 494 && code <= 497) made.answer = 400;
            made.uri = names_.compile(from.uri, from.where);
            made.path = from.uri;
            if (const auto mark = from.uri.find('?'); from.uri.starts_with('/') && mark != std::string::npos) {
                made.path = from.uri.substr(0, mark);
                made.args = from.uri.substr(mark + 1);
            }
            into.error_pages.push_back(std::move(made));
        }
    }

    [[nodiscard]] served_header header(const nginx_conf::header_line& from) const {
        served_header made;
        if (nginx_conf::same_ignoring_case(from.name, "ETag")) made.what = served_header::kind::etag;
        if (nginx_conf::same_ignoring_case(from.name, "Last-Modified")) made.what = served_header::kind::last_modified;
        made.name = from.name;
        made.value = names_.compile(from.value, from.where);
        made.always = from.always;
        return made;
    }

    [[nodiscard]] served_return returns(const nginx_conf::return_value& from) const {
        served_return made;
        made.code = from.code;
        made.has_text = from.text && !from.text->empty();
        if (from.text) made.text = names_.compile(*from.text, from.where);
        return made;
    }

    [[nodiscard]] served_try tries(const nginx_conf::setting<std::vector<std::string>>& from) const {
        served_try made;
        for (std::size_t i = 0; i + 1 < from.value.size(); ++i) {
            std::string_view text = from.value[i];
            const bool folder = text.ends_with('/');
            if (folder) text.remove_suffix(1);
            made.files.push_back({names_.compile(text, from.where), folder});
        }
        const auto& last = from.value.back();
        if (last.starts_with('='))
            made.code = static_cast<int>(nginx_conf::parse_number(std::string_view(last).substr(1)).value_or(500));
        else
            made.otherwise = names_.compile(last, from.where);
        return made;
    }

    const access_log* access_log_of(const nginx_conf::log_target& from) {
        if (from.path.starts_with("syslog:") || nginx_conf::has_variables(from.path)) return nullptr;
        const auto key = fmt::format("{}\n{}\n{}", from.path, from.format_or_level, from.condition);
        auto& known = logs_[key];
        if (known != nullptr) return known;
        const auto& formats = into_.settings.log_formats;
        const auto format = formats.find(from.format_or_level);
        const bool own = format != formats.end();
        const auto details =
            own ? into_.settings.log_details.at(from.format_or_level) : nginx_conf::log_format_details{};
        auto text = names_.compile(own ? std::string_view(format->second) : combined, own ? details.where : from.where);
        std::optional<text_template> condition;
        if (!from.condition.empty()) condition = names_.compile(from.condition, from.where);
        into_.logs.push_back(std::make_unique<access_log>(file(full_path(from.path)), std::move(text), details.escape,
                                                          std::move(condition)));
        known = into_.logs.back().get();
        return known;
    }

    const log_file& file(const std::string& path) {
        for (const auto& each : into_.log_files)
            if (each->path() == path) return *each;
        into_.log_files.push_back(std::make_unique<log_file>(path));
        return *into_.log_files.back();
    }

    site_data& into_;
    note_list notes_;
    known_names names_;
    std::string full_;
    std::map<const void*, const content_type_table*> type_tables_;
    std::map<std::string, const access_log*> logs_;
};

}  // namespace

void prepare(site_data& into) {
    preparer(into).run();
}

}  // namespace firstfin::nginx

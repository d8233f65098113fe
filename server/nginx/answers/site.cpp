#include "server/nginx/answers/site.hpp"

#include "server/nginx/answers/answering.hpp"
#include "server/nginx/answers/preparation.hpp"

namespace firstfin::nginx {

class site::implementation {
public:
    site_data data;
};

site::site(nginx_conf::http_settings settings, std::vector<std::string> files, std::string prefix)
    : inside_(std::make_unique<implementation>()) {
    auto& data = inside_->data;
    data.settings = std::move(settings);
    data.files = std::move(files);
    data.prefix = std::move(prefix);
    prepare(data);
}

site::~site() = default;

const nginx_conf::http_settings& site::settings() const {
    return inside_->data.settings;
}

const std::vector<std::string>& site::notes() const {
    return inside_->data.notes;
}

const http_request::request_rules& site::rules(std::size_t listen) const {
    return inside_->data.listens[listen].rules;
}

const nginx_conf::server_settings& site::default_server(std::size_t listen) const {
    return *inside_->data.listens[listen].default_server->from;
}

void site::answer_to(const exchange& what, answer& out) const {
    answering(inside_->data, what, out).run();
}

void site::answer_to_refused(const exchange& what, const http_request::refusal& why, answer& out) const {
    answering(inside_->data, what, out).refuse(why);
}

void site::log(const exchange& what, const answer& out, std::int64_t sent) const {
    if (out.location == nullptr || out.location->logs.empty()) return;
    const auto& data = inside_->data;
    auto whole = static_cast<std::int64_t>(out.bytes.size());
    for (const auto& each : out.rest)
        whole += each.file ? each.size : static_cast<std::int64_t>(each.text.size());
    moment at{what, data.process};
    at.server = data.servers[out.server].get();
    at.location = out.location;
    at.uri = out.uri;
    at.has_uri = !what.request.method_text.empty();
    at.args = out.args_changed ? std::string_view(out.redirected_args) : what.request.args;
    at.has_args = out.has_args;
    at.became_get = out.became_get;
    at.keeps_alive = out.says_keep_alive && !out.keeps_alive;
    at.status = out.status;
    at.head = out.head_size != 0 ? std::string_view(out.bytes).substr(0, out.head_size) : out.unsent_head;
    // nginx counts what the connection sent, an interim answer too.
    constexpr std::int64_t interim = 25;
    at.sent = sent + (out.sends_continue ? interim : 0);
    at.body_sent = std::max<std::int64_t>(0, at.sent - static_cast<std::int64_t>(out.head_size));
    at.complete = !out.ends_at_once && out.what == answer::kind::normal && sent == whole;
    for (const auto* each : out.location->logs)
        each->write(at);
}

void site::log_unanswered(const exchange& what, int status) const {
    const auto& data = inside_->data;
    const auto& server = data.server_for(what.connection.listen, what.request.host);
    moment at{what, data.process};
    at.server = &server;
    at.location = &server.level;
    at.uri = what.request.path;
    at.has_uri = !what.request.method_text.empty();
    at.args = what.request.args;
    at.has_args = !at.args.empty();
    at.status = status;
    for (const auto* each : server.level.logs)
        each->write(at);
}

void site::reopen_logs(uid_t owner) {
    for (const auto& each : inside_->data.log_files)
        each->reopen(owner);
}

}  // namespace firstfin::nginx

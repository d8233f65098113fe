#include "harness/validate/sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include "harness/validate/nginx_folder.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/project_file.hpp"
#include "harness/validate/source_access.hpp"
#include "harness/validate/source_excerpt.hpp"
#include "server/nginx_conf/directive_table.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::validate {

namespace {

namespace fs = std::filesystem;
using nginx_conf::configuration;
using nginx_conf::context;
using nginx_conf::directive;
using nginx_conf::printable;

std::string frame_text(part_context around, const std::vector<std::string>& files) {
    std::string includes;
    for (const auto& file : files) {
        std::string quoted;
        for (const char ch : file) {
            if (ch == '"' || ch == '\\') quoted += '\\';
            quoted += ch;
        }
        includes += fmt::format(" include \"{}\";", quoted);
    }
    switch (around) {
        case part_context::http:
            return fmt::format("events {{}} http {{{} }}\n", includes);
        case part_context::server:
            return fmt::format("events {{}} http {{ server {{{} }} }}\n", includes);
        case part_context::location:
            return fmt::format("events {{}} http {{ server {{ location / {{{} }} }} }}\n", includes);
    }
    return {};
}

bool is_there(const fs::path& path) {
    std::error_code failed;
    return fs::exists(path, failed);
}

bool is_folder(const fs::path& path) {
    std::error_code failed;
    return fs::is_directory(path, failed);
}

/// Where nginx would take the includes of a part from, and the names of the part's files from there.
struct base_folder {
    std::string folder;  ///< ends with "/", or is empty: the working folder
    std::vector<std::string> files;
    bool is_above = false;
};

std::string with_slash(const fs::path& folder) {
    auto out = folder.string();
    return out.ends_with('/') ? out : out + '/';
}

/// `folder` and `names` in it as the user wrote them.
base_folder base_of(const std::string& folder, const std::vector<std::string>& names) {
    base_folder out{folder, names};
    std::error_code failed;
    const auto here = fs::current_path(failed);
    if (failed) return out;
    const auto own = (here / folder / "x").lexically_normal().parent_path();
    const auto found = nginx_folder(folder);
    if (!found) return out;
    const auto& base = *found;
    if (base == own) return out;
    out.is_above = true;
    // Names stay as short as the user wrote them where the folder is below the working one.
    const bool relative = !folder.starts_with('/') && base.string().starts_with(with_slash(here));
    const bool at_work = !folder.starts_with('/') && base == here;
    out.folder = at_work ? "" : with_slash(relative ? base.lexically_relative(here) : base);
    for (auto& name : out.files)
        name = (own / name).lexically_relative(base).string();
    return out;
}

/// The known directives at the top level: could they all stand there?
class top_level {
public:
    explicit top_level(const configuration& read) {
        for (const auto& one : read.tree)
            if (one.name.text != "include" && !nginx_conf::rules_for(one.name.text).empty()) known_.push_back(&one);
    }

    [[nodiscard]] bool fits(context where) const {
        return std::ranges::all_of(known_, [where](const directive* one) { return may_stand(*one, where); });
    }
    [[nodiscard]] std::vector<part_context> parts_it_fits() const {
        std::vector<part_context> out;
        if (fits(context::http)) out.push_back(part_context::http);
        if (fits(context::server)) out.push_back(part_context::server);
        if (fits(context::location)) out.push_back(part_context::location);
        return out;
    }
    /// The first that no main file has there.
    [[nodiscard]] const directive* first_foreign() const {
        const auto found = std::ranges::find_if(known_, [](auto* one) { return !may_stand(*one, context::main); });
        return found == known_.end() ? nullptr : *found;
    }
    [[nodiscard]] bool has(std::string_view name) const {
        return std::ranges::any_of(known_, [name](const directive* one) { return one->name.text == name; });
    }

private:
    static bool may_stand(const directive& one, context where) {
        return std::ranges::any_of(nginx_conf::rules_for(one.name.text), [&](const auto& rule) {
            return rule.allowed_in(where) && rule.block == one.has_block;
        });
    }

    std::vector<const directive*> known_;
};

/// What nginx refuses because it is nowhere, and a part may have elsewhere.
bool may_be_elsewhere(std::string_view error) {
    return error.starts_with("unknown log format ") || error.starts_with("no port in upstream ") ||
           error.starts_with("no \"ssl_certificate\" is defined ");
}

[[noreturn]] void refuse(const configuration& read, const std::string& name, std::string_view frame,
                         std::string_view hint) {
    const auto count = std::ranges::count(read.messages, nginx_conf::severity::emerg, &nginx_conf::message::level);
    auto text = fmt::format("{} cannot be judged{}:\n{}", printable(name),
                            count == 1 ? "" : fmt::format(", {} errors", count), errors_in_words(read, frame));
    if (!hint.empty()) text += fmt::format("\n{}", hint);
    throw bad_input(text);
}

configuration read_through(const std::string& path, nginx_conf::file_access access,
                           const nginx_conf::nginx_version& version) {
    nginx_conf::reading_options how;
    how.version = version;
    how.access = std::move(access);
    return nginx_conf::read_configuration(path, "", how);
}

/// What the user named, as file names in a folder, which is "" or ends with "/".
struct input {
    std::string name;  ///< as it was asked for
    std::string folder;
    std::vector<std::string> files;
    std::optional<std::string> text{};  ///< of the one file, when it cannot be read twice: a pipe

    [[nodiscard]] nginx_conf::file_access access(const std::string& from, const std::vector<std::string>& names) const {
        std::set<std::string> given;
        for (const auto& one : names)
            given.insert(from + one);
        auto out = careful_access(std::move(given));
        return text ? with_text(std::move(out), from + names.front(), *text) : out;
    }
};

source read_part(part_context around, const input& from, const nginx_conf::nginx_version& version) {
    const auto& name = from.name;
    const auto base = from.text ? base_folder{from.folder, from.files} : base_of(from.folder, from.files);
    const auto frame = base.folder + std::string(frame_name);
    source out;
    out.context = around;
    out.read = read_through(
        frame, with_text(from.access(base.folder, base.files), frame, frame_text(around, base.files)), version);
    bool some_elsewhere = false;
    for (auto& one : out.read.messages)
        if (one.level == nginx_conf::severity::emerg && may_be_elsewhere(one.text)) {
            one.level = nginx_conf::severity::note;
            one.text += ": it may be in a file that was not given";
            some_elsewhere = true;
        }
    if (!out.read.is_valid()) {
        const auto is_misplaced = [&](std::string_view name_of_directive) {
            const auto text = fmt::format("\"{}\" directive is not allowed here", name_of_directive);
            return std::ranges::any_of(out.read.messages, [&](const auto& one) { return one.text == text; });
        };
        const bool any_misplaced = std::ranges::any_of(
            out.read.messages, [](const auto& one) { return one.text.ends_with(" directive is not allowed here"); });
        std::string hint;
        if (is_misplaced("http") || is_misplaced("events"))
            hint = fmt::format("it is a whole configuration: leave out --context {}", to_text(around));
        else if (any_misplaced)
            hint =
                fmt::format("it was taken as what stands in {} {{ }}: --context says what else it is", to_text(around));
        refuse(out.read, name, frame, hint);
    }
    if (base.is_above)
        out.remarks.push_back(fmt::format("includes are taken from {}, which has an nginx.conf; that file was not read",
                                          base.folder.empty() ? "the working folder" : printable(base.folder)));
    out.remarks.push_back(fmt::format(
        "{} is taken as what stands in {} {{ }}: what the rest of the configuration sets there is not known, and "
        "nginx's defaults stand in for it{}",
        printable(name), to_text(around), some_elsewhere ? " (it uses names that are defined elsewhere)" : ""));
    if (const auto names = upstreams_of_other_files(out.read); !names.empty())
        out.remarks.push_back(
            fmt::format("no upstream of these names is here: {}; if other files define them, what is said of the "
                        "connections to them is not true",
                        names));
    return out;
}

std::string contexts_in_words(const std::vector<part_context>& all) {
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i)
        out += fmt::format("{}--context {}", i == 0 ? "" : i + 1 == all.size() ? " or " : ", ", to_text(all[i]));
    return out;
}

/// A main file unless its directives say otherwise.
source read_file(const source_request& asked, const input& from) {
    if (asked.context) return read_part(*asked.context, from, asked.version);
    const auto& path = from.name;

    source out;
    out.read = read_through(from.folder + from.files.front(), from.access(from.folder, from.files), asked.version);
    if (out.read.is_valid()) return out;
    const top_level top(out.read);
    const auto parts = top.parts_it_fits();
    const auto* foreign = top.first_foreign();
    if (foreign != nullptr && parts.size() == 1) {
        auto part = read_part(parts.front(), from, asked.version);
        part.remarks.insert(part.remarks.begin(),
                            fmt::format("\"{}\" at its top level says that {} is a part; --context {} says the same",
                                        printable(foreign->name.text), printable(path), to_text(parts.front())));
        return part;
    }
    if (foreign != nullptr && !parts.empty()) {
        const auto where = foreign->name.where;
        auto excerpt = source_excerpt(out.read.texts[where.file], where);
        excerpt.pop_back();
        throw bad_input(fmt::format(
            "{}: \"{}\" stands outside of http {{ }}: if this is a part of a configuration, say what it stands in with "
            "{}\n{}",
            printable(nginx_conf::origin_in_words(where, out.read.files)), printable(foreign->name.text),
            contexts_in_words(parts), excerpt));
    }
    const bool lacks_all = !out.read.files.empty() && !top.has("events") && !top.has("http");
    refuse(out.read, path, "",
           lacks_all ? "if this is a part of a configuration, say what it stands in with " + contexts_in_words(parts)
                     : "");
}

/// What nginx.conf includes of such a folder; sorted by their bytes as nginx's glob does.
std::vector<std::string> files_of(const std::string& folder, bool all, bool& has_project_file) {
    std::vector<std::string> out;
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
        auto name = at->path().filename().string();
        if (name.starts_with('.') || (!all && !name.ends_with(".conf"))) continue;
        if (name == project_file_name)
            has_project_file = true;
        else
            out.push_back(std::move(name));
    }
    if (failed) throw bad_input(fmt::format("{}: {}", printable(folder), failed.message()));
    std::ranges::sort(out);
    return out;
}

source read_folder(const source_request& asked) {
    const auto folder = with_slash(asked.path);
    if (!asked.context && is_there(folder + "nginx.conf"))
        return read_file(asked, {folder + "nginx.conf", folder, {"nginx.conf"}});

    auto name = fs::path(folder).parent_path().filename();
    if (name.empty() || name == "." || name == "..") {
        std::error_code failed;
        const auto real = fs::canonical(folder, failed);
        if (!failed) name = real.filename();
    }
    // Debian's two folders are included whole, others by *.conf.
    const bool whole = name == "sites-enabled" || name == "sites-available";
    bool has_project_file = false;
    auto names = files_of(folder, whole, has_project_file);
    if (names.empty() && asked.context) names = files_of(folder, true, has_project_file);
    if (names.empty())
        throw bad_input(
            fmt::format("{}: neither nginx.conf nor {} in it: expected the folder of a main file, such as "
                        "/etc/nginx, or of its parts, such as conf.d or sites-enabled",
                        printable(asked.path), whole ? "a site" : "*.conf"));
    auto out =
        read_part(asked.context.value_or(part_context::http), {asked.path, folder, std::move(names)}, asked.version);
    if (has_project_file && whole)
        out.remarks.push_back(fmt::format("nginx would include {} of {} as well, and fail: keep it beside nginx.conf",
                                          project_file_name, printable(asked.path)));
    return out;
}

std::string text_of(std::istream& pipe, const std::string& name) {
    auto text = read_stream(pipe, name);
    if (!text) throw bad_input(printable(text.error().message));
    return std::move(*text);
}

}  // namespace

source read_source(const source_request& asked, std::istream& standard_input) {
    if (asked.path.empty()) throw bad_input("expected a file, a folder, or - for standard input");
    if (asked.path == "-") {
        const std::string name(standard_input_name);
        return read_file(asked, {name, "", {name}, text_of(standard_input, name)});
    }
    if (is_folder(asked.path)) return read_folder(asked);
    const auto folder = asked.path.substr(0, asked.path.rfind('/') + 1);
    input file{asked.path, folder, {asked.path.substr(folder.size())}};
    std::error_code failed;
    const auto what = fs::status(asked.path, failed);
    if (fs::is_fifo(what) || fs::is_character_file(what)) {
        // A shell's <(...), or /dev/stdin.
        std::ifstream pipe(asked.path, std::ios::binary);
        if (pipe) file.text = text_of(pipe, asked.path);
    }
    return read_file(asked, file);
}

}  // namespace firstfin::validate

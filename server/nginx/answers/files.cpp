#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "server/nginx/answers/answering.hpp"
#include "server/nginx/answers/escaped_uri.hpp"
#include "server/nginx/answers/path_mapping.hpp"

namespace firstfin::nginx {

namespace {

using http_request::method;

bool is_served(method verb) {
    return verb == method::get || verb == method::head || verb == method::post;
}

int status_of(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
        case ENAMETOOLONG:
            return 404;
        case EACCES:
        case ELOOP:
        case EMLINK:
            return 403;
        default:
            return 500;
    }
}

/// "mtime-size" in hexadecimal (ngx_http_set_etag).
void append_etag(std::string& out, std::time_t modified, std::int64_t size) {
    char text[40];
    char* at = text;
    *at++ = '"';
    at = std::to_chars(at, std::end(text), modified, 16).ptr;
    *at++ = '-';
    at = std::to_chars(at, std::end(text), size, 16).ptr;
    *at++ = '"';
    out.append(text, at);
}

}  // namespace

int answering::try_files(const served_try& from) {
    std::string path, uri;
    for (const auto& each : from.files) {
        uri.clear();
        each.path.append(uri, now());
        path.clear();
        auto at = now();
        const bool whole_alias = location_->values->is_alias.value && location_->from->match.is_pattern();
        location_->root.append(path, at);
        // With an alias a name that begins with the location's stands for the part behind it.
        std::string_view below = uri;
        const auto& name = location_->from->match.name;
        const bool alias = location_->values->is_alias.value && !whole_alias;
        if (alias && !each.path.is_constant() && below.starts_with(name)) below.remove_prefix(name.size());
        path.append(below);
        struct stat found {};
        if (::stat(path.c_str(), &found) != 0 || S_ISDIR(found.st_mode) != each.is_folder) continue;
        if (whole_alias) {
            if (!each.is_folder) {
                out_.uri = uri;
                adds_uri_to_alias_ = true;
            }
        } else {
            out_.uri = alias ? name + std::string(below) : uri;
        }
        return declined;
    }
    if (from.code) return *from.code;
    uri.clear();
    from.otherwise.append(uri, now());
    if (uri.starts_with('@')) {
        named_location(uri);
        return done;
    }
    const std::string_view whole = uri;
    auto args = whole.substr(std::min(whole.size(), whole.find('?')));
    const auto target = whole.substr(0, whole.size() - args.size());
    if (!args.empty()) args.remove_prefix(1);
    internal_redirect(target, args);
    return done;
}

int answering::index() {
    if (!out_.uri.ends_with('/') || !is_served(verb_)) return declined;
    bool folder_tested = false;
    auto& path = out_.bytes;  // nothing is in there yet: its memory serves for the path
    for (const auto& each : location_->index) {
        const auto name = each.value(scratch_, now());
        if (name.starts_with('/')) {
            path.clear();
            internal_redirect(std::string(name), args_);
            return done;
        }
        path.clear();
        append_file_path(path, now(), out_.uri);
        const auto folder = path.size();
        path.append(name);
        struct stat found {};
        if (::stat(path.c_str(), &found) == 0) {
            path.clear();
            internal_redirect(out_.uri + std::string(name), args_);
            return done;
        }
        const int error = errno;
        if (error == ENOTDIR || error == ENAMETOOLONG || error == EACCES) return missing_index(error);
        if (!folder_tested) {
            path.resize(folder);
            if (path.size() > 1 && path.ends_with('/')) path.pop_back();
            if (::stat(path.c_str(), &found) != 0) {
                if (errno == ENOENT) return missing_index(ENOENT);
                if (errno != EACCES) return missing_index(EIO);
            } else if (!S_ISDIR(found.st_mode)) {
                return missing_index(EIO);
            }
            folder_tested = true;
        }
        if (error != ENOENT) return missing_index(EIO);
    }
    path.clear();
    return declined;
}

int answering::missing_index(int error) {
    out_.bytes.clear();
    return error == EACCES ? 403 : error == EIO ? 500 : 404;
}

int answering::static_file() {
    if (!is_served(verb_)) return 405;
    if (out_.uri.ends_with('/')) return declined;
    auto& path = out_.bytes;
    path.clear();
    append_file_path(path, now(), out_.uri);
    const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const int error = errno;
    path.clear();
    if (fd < 0) return status_of(error);
    struct stat facts {};
    int status = 0;
    if (::fstat(fd, &facts) != 0) status = 500;
    if (status == 0 && S_ISDIR(facts.st_mode)) {
        redirect_to_folder();
        status = 301;
    }
    if (status == 0 && !S_ISREG(facts.st_mode)) status = 404;
    if (status == 0 && verb_ == method::post) status = 405;
    if (status == 0) status = discard();
    if (status != 0) {
        ::close(fd);
        return status;
    }
    head_.status = 200;
    head_.content_length = facts.st_size;
    head_.last_modified = facts.st_mtime;
    // An error page may come with lines of what it stands for: they stay before its own.
    if (!head_.etag.empty()) append_line(head_.earlier, "ETag", head_.etag);
    head_.earlier.append(head_.later);
    head_.later.clear();
    head_.etag.clear();
    if (location_->values->etag.value) append_etag(head_.etag, facts.st_mtime, facts.st_size);
    set_content_type();
    status = send({.text = {}, .text_behind = {}, .fd = fd, .size = facts.st_size, .allows_ranges = true});
    if (!file_ || file_->fd() != fd) ::close(fd);
    return status;
}

void answering::redirect_to_folder() {
    std::string target;
    append_escaped_uri(target, out_.uri);
    target.push_back('/');
    if (!args_.empty()) target.append("?").append(args_);
    set_location(std::move(target));
}

}  // namespace firstfin::nginx

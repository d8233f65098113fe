#include "server/nginx/answers/answering.hpp"
#include "server/nginx/answers/keep_alive_flag.hpp"

namespace firstfin::nginx {

namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

answering::answering(const site_data& all, const exchange& what, answer& out)
    : all_(all),
      what_(what),
      request_(what.request),
      out_(out),
      server_(&all.server_for(what.connection.listen, what.request.host)),
      location_(&server_->level),
      verb_(what.request.verb),
      version_(what.request.version),
      args_(what.request.args) {
    out_.clear();
    out_.server = server_->index;
    out_.uri = request_.path;
    out_.has_args = !args_.empty();
}

moment answering::now() const {
    moment at{what_, all_.process};
    at.server = server_;
    at.location = location_;
    at.uri = out_.uri;
    at.args = args_;
    at.has_args = out_.has_args;
    at.became_get = out_.became_get;
    at.adds_uri_to_alias = adds_uri_to_alias_;
    at.keeps_alive = keeps_alive_;
    return at;
}

void answering::run() {
    keeps_alive_ = request_.allows_keep_alive();
    enter_server();
}

// The server's own `return` comes before any location is looked for, so that no location's limits count.
void answering::enter_server() {
    if (server_->level.returns)
        finalize(run_return(*server_->level.returns));
    else
        find_location();
}

void answering::find_location() {
    const auto found = server_->level.below.find(out_.uri);
    location_ = found.location != nullptr ? found.location : &server_->level;
    if (location_->from->internal && !internal_) return finalize(404);
    update_location();
    const auto most = location_->values->client_max_body_size.value;
    if (!discarded_ && most != 0 && request_.content_length.value_or(0) > static_cast<std::uint64_t>(most)) {
        expect_tested_ = true;
        discard();
        return finalize(413);
    }
    if (found.adds_slash) {
        auto target = location_->from->match.name;
        if (!args_.empty()) target.append("?").append(args_);
        set_location(std::move(target));
        return finalize(301);
    }
    enter_location();
}

void answering::enter_location() {
    if (location_->returns) return finalize(run_return(*location_->returns));
    if (location_->tries) {
        const int found = try_files(*location_->tries);
        if (found != declined) return finalize(found);
    }
    if (location_->from->pass) return finalize(501);
    if (const int found = index(); found != declined) return finalize(found);
    if (const int found = static_file(); found != declined) return finalize(found);
    // A folder without an index, and nobody lists it.
    finalize(out_.uri.ends_with('/') ? 403 : 404);
}

void answering::update_location() {
    if (keeps_alive_) keeps_alive_ = location_keeps_alive(*location_->values, what_, verb_);
}

void answering::internal_redirect(std::string_view uri, std::string_view args) {
    if (--uri_changes_ == 0) return finalize(500);
    if (args.data() != args_.data() || args.size() != args_.size()) {
        out_.redirected_args = args;
        out_.args_changed = true;
        out_.has_args = args.data() != nullptr;
        args_ = out_.redirected_args;
    }
    // `uri` may be a part of what it becomes.
    if (uri.data() != out_.uri.data() || uri.size() != out_.uri.size()) out_.uri = std::string(uri);
    internal_ = true;
    adds_uri_to_alias_ = false;
    location_ = &server_->level;
    update_location();
    enter_server();
}

void answering::named_location(std::string_view name) {
    if (--uri_changes_ == 0) return finalize(500);
    const auto* found = server_->find_named(name);
    if (found == nullptr) return finalize(500);
    internal_ = true;
    location_ = found;
    update_location();
    enter_location();
}

int answering::run_return(const served_return& from) {
    if (from.code >= 400 && !from.has_text) return from.code;
    if (const int error = discard()) return error;
    head_.status = from.code;
    const auto text = from.text.value(scratch_, now());
    if (is_redirect(from.code)) {
        set_location(std::string(text));
        return from.code;
    }
    set_content_type();
    head_.content_length = static_cast<std::int64_t>(text.size());
    content body;
    body.text = text;
    return send(body);
}

// ngx_http_discard_request_body: what is here of the body is read and dropped, and the client is told to send the rest
// unless an error was going to be its answer.
int answering::discard() {
    if (discarded_) return 0;
    if (!expect_tested_ && request_.expects_continue) out_.sends_continue = true;
    expect_tested_ = true;
    discarded_ = true;  // even after an error: nobody tries again
    out_.ends_before_body = what_.discard_error != 0;
    return what_.discard_error;
}

void answering::set_location(std::string value) {
    has_location_ = true;
    location_value_ = std::move(value);
}

}  // namespace firstfin::nginx

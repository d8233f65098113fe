#include <algorithm>

#include "server/nginx/answers/answering.hpp"
#include "server/nginx/answers/keep_alive_flag.hpp"
#include "server/nginx/answers/special_page.hpp"

namespace firstfin::nginx {

namespace {

constexpr int header_too_large = 494;

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The browsers that put a page of their own in the place of a short one.
bool hides_short_pages(std::string_view agent) {
    const bool opera = agent.find("Opera") != std::string_view::npos;
    const auto msie = agent.find("MSIE ");
    if (msie != std::string_view::npos && msie + 7 < agent.size() && !opera) return true;
    return !opera && agent.find("Gecko/") == std::string_view::npos && agent.find("Chrome/") != std::string_view::npos;
}

}  // namespace

void answering::refuse(const http_request::refusal& why) {
    using http_request::refusal_reason;
    const bool too_large =
        why.reason == refusal_reason::header_too_large || why.reason == refusal_reason::too_many_header_lines;
    if (why.bare)
        version_ = http_request::http_0_9;
    else
        version_ = std::max(version_, http_request::http_1_0);
    if (why.head_only) verb_ = http_request::method::head;
    out_.lingers = why.lingers;
    finalize(too_large ? header_too_large : static_cast<int>(why.status));
}

// ngx_http_finalize_request
void answering::finalize(int status) {
    switch (status) {
        case done:
            return;
        case 408:
        case 444:
        case 499:
            return say_nothing(status);
        default:
            special_response(status);
    }
}

void answering::say_nothing(int status) {
    out_.what = answer::kind::nothing;
    out_.status = status;
    out_.resets = status == 444;
    out_.says_keep_alive = keeps_alive_;
    out_.values = location_->values;
    out_.location = location_;
    out_.bytes.clear();
}

void answering::special_response(int status) {
    err_status_ = status;
    if (!status_keeps_alive(status)) keeps_alive_ = false;
    head_.content_type = {};
    if (!in_error_page_ && uri_changes_ != 0 && !location_->error_pages.empty()) {
        in_error_page_ = !location_->values->recursive_error_pages.value;
        for (const auto& page : location_->error_pages)
            if (page.code == status) return send_error_page(page);
    }
    expect_tested_ = true;
    if (discard() != 0) keeps_alive_ = false;
    if (status >= header_too_large && status <= 497) err_status_ = 400;
    send_special_page(status);
}

void answering::send_error_page(const served_error_page& page) {
    if (page.answer != 0 && page.answer != 200) expect_tested_ = true;
    if (page.answer) err_status_ = *page.answer;
    std::string_view uri = page.path, args;
    std::string made;
    if (page.args) args = *page.args;
    if (!page.uri.is_constant()) {
        page.uri.append(made, now());
        uri = made;
        if (uri.starts_with('/')) {
            args = uri.substr(std::min(uri.size(), uri.find('?')));
            uri.remove_suffix(args.size());
            if (!args.empty()) args.remove_prefix(1);
        }
    }
    if (uri.starts_with('/')) {
        if (verb_ != http_request::method::head) {
            verb_ = http_request::method::get;
            out_.became_get = true;
        }
        return internal_redirect(uri, args);
    }
    if (uri.starts_with('@')) return named_location(uri);
    if (discard() != 0) keeps_alive_ = false;
    if (!is_redirect(err_status_)) err_status_ = 302;
    set_location(std::string(uri));
    send_special_page(err_status_);
}

int answering::send_special_page(int status) {
    const std::string_view page = location_->pages->of(status);
    content body;
    body.text = page;
    if (page.empty()) {
        head_.content_type = {};
    } else {
        head_.content_type = "text/html";
        if (location_->values->msie_padding.value && status >= 400 && version_ >= http_request::http_1_0 &&
            hides_short_pages(request_.user_agent))
            body.text_behind = special_page_padding();
    }
    head_.content_length = static_cast<std::int64_t>(body.text.size() + body.text_behind.size());
    head_.last_modified = -1;
    head_.etag.clear();
    return send(body);
}

}  // namespace firstfin::nginx

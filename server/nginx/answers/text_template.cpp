#include "server/nginx/answers/text_template.hpp"

#include <algorithm>

#include "server/http_request/letters.hpp"

namespace firstfin::nginx {

namespace {

bool is_of_name(char one) {
    return http_request::is_letter(one) || http_request::is_digit(one) || one == '_';
}

/// The name behind a `$`, which is taken off with it.
std::string_view take_name(std::string_view& rest) {
    if (rest.starts_with('{')) {
        const auto end = std::min(rest.size(), rest.find('}'));
        const auto name = rest.substr(1, end - 1);
        rest.remove_prefix(std::min(rest.size(), end + 1));
        return name;
    }
    // A capture is one digit: "$10" is $1 and a 0.
    const bool capture = !rest.empty() && http_request::is_digit(rest.front());
    const auto end = capture ? rest.begin() + 1 : std::ranges::find_if_not(rest, is_of_name);
    const auto name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(name.size());
    return name;
}

}  // namespace

text_template::text_template(std::string_view text, const std::function<variable(std::string_view name)>& find) {
    const auto dollar = std::min(text.size(), text.find('$'));
    begin_ = text.substr(0, dollar);
    text.remove_prefix(dollar);
    while (!text.empty()) {
        text.remove_prefix(1);
        part next{find(take_name(text)), {}};
        const auto end = std::min(text.size(), text.find('$'));
        next.behind = text.substr(0, end);
        text.remove_prefix(end);
        parts_.push_back(std::move(next));
    }
}

void text_template::append(std::string& out, const moment& at) const {
    out.append(begin_);
    for (const auto& each : parts_) {
        each.value.append(out, at);
        out.append(each.behind);
    }
}

std::string_view text_template::value(std::string& scratch, const moment& at) const {
    if (is_constant()) return begin_;
    scratch.clear();
    append(scratch, at);
    return scratch;
}

}  // namespace firstfin::nginx

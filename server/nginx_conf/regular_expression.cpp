#include "server/nginx_conf/regular_expression.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

namespace firstfin::nginx_conf {

result<regular_expression> regular_expression::compile(const std::string& pattern, letter_case how) {
    int number = 0;
    PCRE2_SIZE offset = 0;
    auto* code = ::pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                 how == letter_case::ignored ? PCRE2_CASELESS : 0, &number, &offset, nullptr);
    if (code == nullptr) {
        PCRE2_UCHAR reason[128];
        ::pcre2_get_error_message(number, reason, sizeof reason);
        const auto* text = reinterpret_cast<const char*>(reason);
        if (offset >= pattern.size())
            return parse_error(fmt::format("pcre2_compile() failed: {} in \"{}\"", text, pattern));
        return parse_error(
            fmt::format("pcre2_compile() failed: {} in \"{}\" at \"{}\"", text, pattern, pattern.substr(offset)));
    }
    regular_expression out;
    out.pattern_ = pattern;
    out.code_ = std::shared_ptr<const void>(
        code, [](const void* used) { ::pcre2_code_free(static_cast<pcre2_code*>(const_cast<void*>(used))); });
    return out;
}

bool regular_expression::matches(std::string_view subject) const {
    const auto* code = static_cast<const pcre2_code*>(code_.get());
    const std::unique_ptr<pcre2_match_data, decltype(&::pcre2_match_data_free)> found(
        ::pcre2_match_data_create_from_pattern(code, nullptr), &::pcre2_match_data_free);
    return ::pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0, found.get(),
                         nullptr) >= 0;
}

}  // namespace firstfin::nginx_conf

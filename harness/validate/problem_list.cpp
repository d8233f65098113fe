#include "harness/validate/problem_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/parse_error.hpp"
#include "server/nginx_conf/message.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::validate {

namespace {
constexpr std::size_t most_shown = 20;
}

void problem_list::add(nginx_conf::position where, const std::string& text) {
    if (lines_.size() == most_shown) {
        has_more_ = true;
        return;
    }
    lines_.push_back(fmt::format("{}: {}", nginx_conf::origin_in_words(where, files_), nginx_conf::printable(text)));
}

bool problem_list::is_full() const {
    return has_more_;
}

void problem_list::throw_if_any() const {
    if (lines_.empty()) return;
    auto out = fmt::format("{}", fmt::join(lines_, "\n"));
    if (has_more_) out += "\nand more";
    throw bad_input(out);
}

}  // namespace firstfin::validate

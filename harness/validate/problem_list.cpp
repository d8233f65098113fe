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
    if (++count_ > most_shown) return;
    lines_.push_back(fmt::format("{}: {}", nginx_conf::origin_in_words(where, files_), nginx_conf::printable(text)));
}

void problem_list::throw_if_any() const {
    if (count_ == 0) return;
    auto out = fmt::format("{}", fmt::join(lines_, "\n"));
    if (count_ > most_shown) out += fmt::format("\nand {} more", count_ - most_shown);
    throw bad_input(out);
}

}  // namespace firstfin::validate

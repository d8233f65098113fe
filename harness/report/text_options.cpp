#include "harness/report/text_options.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace firstfin::report {

namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

constexpr std::size_t narrowest = 20;

}  // namespace

text_options text_options_for(int descriptor) {
    text_options out;
    const auto columns = variable("COLUMNS");
    std::size_t wanted = 0;
    std::from_chars(columns.data(), columns.data() + columns.size(), wanted);
    if (wanted != 0) out.width = std::clamp<std::size_t>(wanted, narrowest, 1000);
    if (::isatty(descriptor) == 0) return out;
    winsize window{};
    if (::ioctl(descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col != 0) {
        out.width = std::max<std::size_t>(window.ws_col, narrowest);
        out.height = window.ws_row;
    }
    out.colour = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
    return out;
}

}  // namespace firstfin::report

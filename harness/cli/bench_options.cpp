#include "harness/cli/bench_options.hpp"

#include <fmt/format.h>

#include "core/parse_error.hpp"

namespace firstfin::cli {

namespace {

/// "rate: expected ..." as the option it was given with.
std::string as_option(std::string text, const std::string& name) {
    auto option = name;
    std::ranges::replace(option, '_', '-');
    if (text.starts_with(name)) text.replace(0, name.size(), "--" + option);
    return text;
}

}  // namespace

bench::settings bench_settings_of(const bench_options& options) {
    bench::settings out;
    if (!options.file.empty()) out = bench::read_settings(options.file);
    for (const auto& [name, text] : options.set) {
        try {
            bench::set(out, name, text);
        } catch (const bad_input& wrong) {
            throw bad_input(as_option(wrong.what(), name));
        }
    }
    for (const auto& text : options.sysctls) {
        const auto equals = text.find('=');
        if (equals == 0 || equals == std::string::npos)
            throw bad_input(
                fmt::format("--sysctl: expected NAME=VALUE, such as net.ipv4.tcp_tw_reuse=1, not '{}'", text));
        for (auto& each : out.sysctls)
            each[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return out;
}

}  // namespace firstfin::cli

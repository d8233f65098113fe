#include "server/nginx_conf/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server/nginx_conf/check.hpp"
#include "server/nginx_conf/tree_reader.hpp"

namespace firstfin::nginx_conf {

bool configuration::is_valid() const {
    return std::ranges::none_of(messages, [](const message& each) { return each.level == severity::emerg; });
}

std::string configuration::main_file() const {
    for (const auto& each : files)
        if (each != command_line_name) return each;
    return {};
}

configuration read_configuration(const std::string& path, const std::string& prefix, const reading_options& options) {
    auto out = read_tree(path, prefix, options);
    check(out, options.version);
    std::ranges::stable_sort(out.messages, {}, &message::order);
    return out;
}

std::string dump(const configuration& read) {
    std::string out;
    for (std::size_t i = 0; i < read.files.size(); ++i)
        if (read.files[i] != command_line_name)
            out += fmt::format("# configuration file {}:\n{}\n", read.files[i], read.texts[i]);
    return out;
}

}  // namespace firstfin::nginx_conf

#include "server/nginx/master/loaded.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>

#include "core/parse_error.hpp"
#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx {

namespace {

nginx_conf::configuration read(const invocation& asked) {
    nginx_conf::reading_options options;
    options.version = asked.version;
    options.command_line = asked.directives;
    auto out = nginx_conf::read_configuration(asked.conf, asked.prefix, options);
    if (out.is_valid()) return out;
    std::string text;
    for (const auto& each : out.messages)
        text += (text.empty() ? "" : "\n") + out.in_words(each);
    throw bad_input(text);
}

std::string below(const std::string& path, const std::string& prefix) {
    return path.starts_with('/') ? path : prefix + path;
}

std::string pid_path(const nginx_conf::core_settings& core, const std::string& prefix) {
    return below(core.pid.value.empty() ? default_pid : core.pid.value, prefix);
}

/// The first that is a file or standard error: one is enough to find what happened.
error_log log_of(const nginx_conf::core_settings& core, const invocation& asked) {
    for (const auto& each : core.error_logs.value) {
        if (each.path.starts_with("syslog:") || each.path.starts_with("memory:")) continue;
        const auto level = log_level_of(each.format_or_level).value_or(log_level::error);
        return {each.path == "stderr" ? each.path : below(each.path, asked.prefix), level};
    }
    if (!asked.error_log.empty() && asked.error_log != "stderr")
        return {below(asked.error_log, asked.prefix), log_level::error};
    return {};
}

}  // namespace

unsigned loaded::worker_count() const {
    if (core().worker_processes.value)
        return static_cast<unsigned>(std::max<std::int64_t>(*core().worker_processes.value, 1));
    cpu_set_t set;
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set)) : 1;
}

loaded load(const invocation& asked) {
    const auto text = read(asked);
    auto settings = nginx_conf::effective(text, asked.version);
    loaded out;
    out.pid_path = pid_path(settings.core, asked.prefix);
    out.log = log_of(settings.core, asked);
    out.all = std::make_unique<site>(std::move(settings), text.files, asked.prefix);
    return out;
}

std::string pid_path_of(const invocation& asked) {
    return pid_path(nginx_conf::effective(read(asked), asked.version).core, asked.prefix);
}

}  // namespace firstfin::nginx

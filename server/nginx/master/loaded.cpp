#include "server/nginx/master/loaded.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>

#include "server/nginx/master/write_nothing.hpp"
#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx {

namespace {

log_level level_of(const nginx_conf::message& what) {
    if (what.level == nginx_conf::severity::emerg || what.unknown_directive) return log_level::emerg;
    return what.level == nginx_conf::severity::warn ? log_level::warn : log_level::notice;
}

nginx_conf::configuration read(const invocation& asked, const error_log& told) {
    nginx_conf::reading_options options;
    options.version = asked.version;
    options.command_line = asked.directives;
    auto out = nginx_conf::read_configuration(asked.conf, asked.prefix, options);
    for (const auto& each : out.messages)
        told.write(level_of(each), nginx_conf::to_nginx_text(each, out.files));
    if (std::ranges::any_of(out.messages, [](const auto& each) { return level_of(each) == log_level::emerg; }))
        throw refused();
    return out;
}

std::string below(const std::string& path, const std::string& prefix) {
    return path.starts_with('/') ? path : prefix + path;
}

std::string pid_path(const nginx_conf::core_settings& core, const std::string& prefix) {
    return below(core.pid.value.empty() ? default_pid : core.pid.value, prefix);
}

bool is_kept(const nginx_conf::log_target& one) {
    return !one.path.starts_with("syslog:") && !one.path.starts_with("memory:");
}

/// The first that is a file or standard error: one is enough to find what happened.
error_log log_of(const nginx_conf::core_settings& core, const invocation& asked) {
    for (const auto& each : core.error_logs.value) {
        if (!is_kept(each)) continue;
        const auto level = log_level_of(each.format_or_level).value_or(log_level::error);
        return {each.path == "stderr" ? each.path : below(each.path, asked.prefix), level};
    }
    if (!asked.error_log.empty() && asked.error_log != "stderr")
        return {below(asked.error_log, asked.prefix), log_level::error};
    return {};
}

/// What nginx would do and nobody here does.
void tell_what_is_not_followed(const nginx_conf::http_settings& settings, const std::vector<std::string>& files,
                               const error_log& told) {
    const auto tell = [&](nginx_conf::position where, std::string_view text) {
        told.write(log_level::warn, std::string(text) + nginx_conf::nginx_place(where, where.line, files));
    };
    const auto& logs = settings.core.error_logs.value;
    const auto used = std::ranges::find_if(logs, is_kept);
    for (auto one = logs.begin(); one != logs.end(); ++one)
        if (one != used) tell(one->where, "only the first error_log that is a file or stderr is followed, not the one");
    if (const auto& inner = settings.values.error_logs; !(inner.where == settings.core.error_logs.where))
        tell(inner.where, "there is one error_log for all, that of the main level: the one of http is not followed");
    if (!settings.core.master_process.value)
        tell(settings.core.master_process.where,
             "without a master SIGHUP is not followed: stop and start for another configuration");
}

worker_user user_of(const nginx_conf::core_settings& core, const std::vector<std::string>& files,
                    const error_log& told) {
    const auto& chosen = core.user;
    const auto place = nginx_conf::nginx_place(chosen.where, chosen.where.line, files);
    if (::geteuid() == 0) return chosen.is_default() ? worker_user() : worker_user(chosen.value, core.group, place);
    if (!chosen.is_default())
        told.write(log_level::warn,
                   "the \"user\" directive makes sense only if the master process runs with super-user privileges, "
                   "ignored" +
                       place);
    return {};
}

}  // namespace

unsigned loaded::worker_count() const {
    if (core().worker_processes.value)
        return static_cast<unsigned>(std::max<std::int64_t>(*core().worker_processes.value, 1));
    cpu_set_t set;
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set)) : 1;
}

loaded load(const invocation& asked, const error_log& told) {
    const auto text = read(asked, told);
    auto settings = nginx_conf::effective(text, asked.version);
    loaded out;
    if (asked.writes_nothing) {
        settings = writing_nothing(std::move(settings));
        out.user = worker_user::same();
    } else {
        out.user = user_of(settings.core, text.files, told);
        tell_what_is_not_followed(settings, text.files, told);
        out.pid_path = pid_path(settings.core, asked.prefix);
    }
    out.log = log_of(settings.core, asked);
    out.all = std::make_unique<site>(std::move(settings), text.files, asked.prefix);
    return out;
}

std::string pid_path_of(const invocation& asked, const error_log& told) {
    return pid_path(nginx_conf::effective(read(asked, told), asked.version).core, asked.prefix);
}

error_log first_log(const invocation& asked) {
    if (asked.error_log.empty()) return error_log().while_starting();
    try {
        return error_log(below(asked.error_log, asked.prefix), log_level::notice).while_starting();
    } catch (const environment_lacks& failed) {
        auto out = error_log().while_starting();
        out.write(log_level::alert, fmt::format("could not open error log file: {}", failed.what()));
        return out;
    }
}

}  // namespace firstfin::nginx

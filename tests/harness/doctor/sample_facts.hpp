#pragma once

#include "harness/doctor/facts.hpp"

namespace firstfin::doctor {

inline constexpr attempt worked{.tried = true};
inline attempt failed_with(int error, std::string words) {
    return {true, error, std::move(words)};
}
inline sandbox_attempts all_worked() {
    return {worked, worked, worked, worked, worked, worked};
}

/// A machine where everything works, for root and for users.
inline facts good_machine() {
    facts out;
    out.kernel = "6.1.0-18-amd64";
    out.root = true;
    out.max_user_namespaces = 100'000;
    out.as_root = all_worked();
    out.as_user = all_worked();
    out.loopback = out.socket_tables = out.own_programs = out.profiles = worked;
    out.open_files_soft = 1024;
    out.open_files_hard = 1'048'576;
    out.memory_available = 8'000'000'000;
    out.tw_buckets = 131'072;
    out.ports = {32'768, 60'999};
    out.programs = {{"nginx", "nginx-light", "no trials with the real nginx as a server", "/usr/sbin/nginx",
                     "nginx version: nginx/1.22.1"}};
    return out;
}

/// The same machine as a user without root finds it.
inline facts for_a_user(facts out) {
    out.root = false;
    out.as_root = {};
    out.as_root.enter = failed_with(1, "make a network namespace: Operation not permitted");
    return out;
}

}  // namespace firstfin::doctor

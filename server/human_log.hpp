#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "core/role_protocol.hpp"

namespace firstfin {

/// Role events retold for a person: what is listened on, and one line for each connection when it ends: who ended it,
/// why, after how long idle, after how many requests.
class human_log {
public:
    explicit human_log(std::function<void(const std::string&)> print) : print_(std::move(print)) {}

    void take(const role::event& what);

private:
    struct life {
        std::string client;
        time_point last{};  ///< accepted, or the last response
        std::uint32_t requests = 0;
    };
    [[nodiscard]] static std::string obituary(const life& of, const role::event& close);

    std::function<void(const std::string&)> print_;
    std::unordered_map<std::uint64_t, life> lives_;
};

}  // namespace firstfin

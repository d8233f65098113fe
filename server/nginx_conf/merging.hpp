#pragma once

#include <algorithm>
#include <vector>

#include "server/nginx_conf/directive_table.hpp"
#include "server/nginx_conf/settings.hpp"

// Shared by effective.cpp and location_values.cpp: how one block's directives are laid over what it inherits.

namespace firstfin::nginx_conf {

/// One block while it is merged. A list set here replaces the inherited one, and then grows.
class level {
public:
    level(context where, const nginx_version& version) : where_(where), version_(version) {}

    /// In place, with a count of arguments nginx takes and the block it wants: safe to read.
    [[nodiscard]] bool can_read(const directive& one) const;

    template <class Value>
    Value& begin(setting<Value>& list, const directive& from, Value empty = {}) {
        for (const auto* each : begun_)
            if (each == &list) return list.value;
        begun_.push_back(&list);
        list = {std::move(empty), from.name.where};
        return list.value;
    }
    /// The list goes on from what is inherited (add_header_inherit merge).
    template <class Value>
    void keep_inherited(setting<Value>& list) {
        begun_.push_back(&list);
    }
    [[nodiscard]] const nginx_version& version() const { return version_; }

private:
    context where_;
    nginx_version version_;
    std::vector<const void*> begun_;
};

/// Lays one directive over the values; false when it is none of theirs.
bool apply_to_values(location_values& into, const directive& one, level& at);
[[nodiscard]] location_values default_values(const nginx_version& version);
[[nodiscard]] log_target read_log(const directive& one);

template <class Value>
void set_if(setting<Value>& into, const std::optional<Value>& value, const directive& from) {
    if (value) into = {*value, from.name.where};
}

/// Longer than a nanosecond count can tell: a century will do.
[[nodiscard]] inline time_limit as_limit(milliseconds value) {
    return std::chrono::duration_cast<duration>(std::min(value, milliseconds(std::int64_t{3'155'760'000'000})));
}

}  // namespace firstfin::nginx_conf

#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace firstfin::experiment {

/// FNV-1a: stable across machines and versions of everything, which std::hash is not.
class fingerprint {
public:
    void add(std::string_view text) {
        for (const char c : text)
            step(static_cast<unsigned char>(c));
        step(0);
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }
    [[nodiscard]] std::string hex() const { return fmt::format("{:016x}", value_); }

private:
    void step(unsigned char c) { value_ = (value_ ^ c) * 0x100000001b3ULL; }
    std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

}  // namespace firstfin::experiment

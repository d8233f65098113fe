#pragma once

#include <string>
#include <vector>

#include "server/nginx_conf/position.hpp"

namespace firstfin::validate {

/// What is wrong at several places of an input, to be said all at once.
class problem_list {
public:
    /// `files` must outlive it.
    explicit problem_list(const std::vector<std::string>& files) : files_(files) {}

    /// Control characters in `text` are made visible.
    void add(nginx_conf::position where, const std::string& text);
    /// Further ones would not be said: nobody needs to look for them.
    [[nodiscard]] bool is_full() const;
    /// bad_input with a line each, "file:line:column: text", twenty at most.
    void throw_if_any() const;

private:
    const std::vector<std::string>& files_;
    std::vector<std::string> lines_;
    bool has_more_ = false;
};

}  // namespace firstfin::validate

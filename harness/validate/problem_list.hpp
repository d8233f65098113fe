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
    /// bad_input with a line each, "file:line:column: text"; after twenty only their number.
    void throw_if_any() const;

private:
    const std::vector<std::string>& files_;
    std::vector<std::string> lines_;
    std::size_t count_ = 0;
};

}  // namespace firstfin::validate

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/nginx/answers/variables.hpp"

namespace firstfin::nginx {

/// A text of a configuration that may hold variables, taken apart once (ngx_http_complex_value_t).
class text_template {
public:
    text_template() = default;
    /// `find` says what a name stands for; it throws for names nobody knows. Of a text that check_variables() takes.
    text_template(std::string_view text, const std::function<variable(std::string_view name)>& find);

    [[nodiscard]] bool is_constant() const { return parts_.empty(); }
    /// The text of a constant one; else what stands before its first variable.
    [[nodiscard]] const std::string& constant() const { return begin_; }
    /// Variables without a value are empty.
    void append(std::string& out, const moment& at) const;
    /// The constant itself, or what is made of it in `scratch`.
    [[nodiscard]] std::string_view value(std::string& scratch, const moment& at) const;

    struct part {
        variable value;
        std::string behind;
    };
    [[nodiscard]] const std::vector<part>& parts() const { return parts_; }

private:
    std::string begin_;
    std::vector<part> parts_;
};

}  // namespace firstfin::nginx

#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

namespace firstfin::report {

/// One line of CSV (RFC 4180), appended to a text when it ends.
class csv_line {
public:
    explicit csv_line(std::string& out) : out_(out) {}
    ~csv_line() { out_ += '\n'; }
    csv_line(const csv_line&) = delete;
    csv_line& operator=(const csv_line&) = delete;

    void text(std::string_view value) {
        separate();
        if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
            out_ += value;
            return;
        }
        out_ += '"';
        for (const char c : value) {
            if (c == '"') out_ += '"';
            out_ += c;
        }
        out_ += '"';
    }
    template <class Number>
    void number(Number value) {
        separate();
        fmt::format_to(std::back_inserter(out_), "{}", value);
    }
    void ready(std::string_view fields) {
        separate();
        out_ += fields;
    }
    void nothing() { separate(); }

private:
    void separate() {
        if (!first_) out_ += ',';
        first_ = false;
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace firstfin::report

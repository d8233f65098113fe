#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace firstfin {

/// Why a text was not accepted: a sentence that says what was expected. Where the text came from (file, line, column,
/// option) is added by whoever read it.
struct parse_error {
    parse_error() = default;
    explicit parse_error(std::string text) : message(std::move(text)) {}
    std::string message;
};

/// Thrown at a program's edge for input that the user must mend; ends in exit code 2.
struct bad_input : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Thrown when this machine lacks a privilege, program or resource; the text names the remedy. Exit code 3.
struct environment_lacks : std::runtime_error {
    using std::runtime_error::runtime_error;
};

[[noreturn]] inline void throw_exception_from_error(const parse_error& error, const boost::source_location&) {
    throw bad_input(error.message);
}

template <class Value>
using result = boost::system::result<Value, parse_error>;

}  // namespace firstfin

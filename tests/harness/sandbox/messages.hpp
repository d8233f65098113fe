#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <string_view>

namespace firstfin::testing {

/// What the exception thrown by `act` says.
template <class Act>
std::string message_of(Act act) {
    try {
        act();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "(nothing was thrown)";
}

inline ::testing::AssertionResult says(std::string_view message, std::string_view part) {
    if (message.find(part) != message.npos) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "'" << part << "' is not in: " << message;
}

}  // namespace firstfin::testing

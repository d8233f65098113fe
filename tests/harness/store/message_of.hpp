#pragma once

#include <exception>
#include <string>

namespace firstfin::test {

/// What `act` throws as `Error`, in words; another exception passes, none reads "nothing was thrown".
template <class Error, class Act>
std::string message_of(Act act) {
    try {
        act();
    } catch (const Error& thrown) {
        return thrown.what();
    }
    return "nothing was thrown";
}

}  // namespace firstfin::test

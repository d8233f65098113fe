#pragma once

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <exception>
#include <string>

#include "harness/doctor/facts.hpp"

namespace firstfin::doctor {

/// Does it, and keeps what the system said.
template <class Act>
attempt trying(Act act) {
    attempt out;
    out.tried = true;
    try {
        act();
    } catch (const boost::system::system_error& failed) {
        out.error = failed.code().value() == 0 ? EIO : failed.code().value();
        out.words = failed.what();
        out.words.erase(std::min(out.words.find(" [system:"), out.words.size()));  // Boost's number, for no person
    } catch (const std::exception& failed) {
        out.error = EIO;
        out.words = failed.what();
    }
    return out;
}

}  // namespace firstfin::doctor

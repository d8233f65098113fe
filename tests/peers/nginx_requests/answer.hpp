#pragma once

#include <optional>
#include <ostream>
#include <string>

namespace firstfin::test {

enum class then { keep, close };

/// What nginx says to one request, or what we say it will.
struct answer {
    unsigned status = 0;  ///< 0: as to HTTP/0.9, a body alone
    then afterwards = then::close;
    bool has_body = true;
    std::optional<std::string> echo;  ///< what it understood, of the requests that it serves; not of HEAD

    friend bool operator==(const answer&, const answer&) = default;
    friend std::ostream& operator<<(std::ostream& out, const answer& one) {
        out << one.status << (one.afterwards == then::keep ? " keep" : " close")
            << (one.has_body ? "" : " header only");
        return one.echo ? out << " [" << *one.echo << ']' : out;
    }
};

}  // namespace firstfin::test

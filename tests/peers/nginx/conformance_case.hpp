#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/tcp_state.hpp"
#include "harness/verdict/verdict.hpp"

// A conformance case as values: what cases.toml says, whose head explains the words. Times are in seconds.
namespace firstfin::testing {

/// What a time is measured from. A last byte is the last one before the moment in question.
enum class moment : std::uint8_t { connect, answer, send, signal, server_fin };
/// The first of its kind on the wire.
enum class end_kind : std::uint8_t { server_fin, server_rst, client_fin, client_rst, open };

struct send_bytes {
    std::string text;
    bool head = false;  ///< the answer to it has no body (RFC 9110 9.3.2)
};
/// One byte after another, until the connection ends (further).
struct trickle {
    std::string byte;
    double every = 0;
};
struct pause_for {
    double seconds = 0;
};
struct half_close {};
struct close_all {};
/// Sent once a case: plays that have this step wait here for each other.
struct send_signal {
    int number = 0;
};
/// A second connection, idle after one request: the server has taken this one up before, as they came in this order.
struct open_beside {};
/// Until the server has closed that one: it knows that it shall end.
struct await_beside {};
struct expect_answer {
    std::string status;      ///< "200"; "0.9": bytes without a head; "none": nothing is there; "any": whatever is
    std::string connection;  ///< values of all Connection lines, joined by ", "
    std::string keep_alive;  ///< the Keep-Alive line; empty: none
    std::string framing;     ///< length, chunked, end; empty: not looked at
    bool cut = false;        ///< it ends before its time
    bool empty = false;      ///< without a body
};
struct expect_end {
    end_kind kind{};
    double after = 0;
    moment since = moment::answer;
    std::optional<double> tolerance;  ///< both ways, where the server's own clock is coarse
    bool stalled = false;             ///< the client does not read while it waits
};
/// Whether bytes sent after the server's FIN are taken, or answered by an RST.
struct expect_late_bytes {
    bool taken = false;
};
/// After both sides have closed.
struct expect_time_wait {
    party who{};
};
struct expect_server_state {
    tcp_state state{};
    double after = 0;
    moment since = moment::answer;
};
struct expect_refusal {};

using step =
    std::variant<send_bytes, trickle, pause_for, half_close, close_all, send_signal, open_beside, await_beside,
                 expect_answer, expect_end, expect_late_bytes, expect_time_wait, expect_server_state, expect_refusal>;

/// Connection number `client` gets the server's FIN before connection `at` has its answer, and not before it connects.
struct drained {
    std::size_t client = 0;
    std::size_t at = 0;
    friend bool operator==(const drained&, const drained&) = default;
};

/// One client connection, after a crowd of others that stay; none without steps.
struct play {
    std::uint16_t port = 8080;
    std::vector<step> steps;
    bool proxied = false;  ///< asks the upstream: nothing for a server built without proxy_pass
    std::size_t crowd = 0;
    std::vector<step> crowd_steps;
    std::vector<drained> drains;
};

struct tolerances {
    double late = 0;   ///< the server may be later than it says
    double early = 0;  ///< it may be earlier: its clock is that of its last round
    double part = 0;   ///< of the time itself, on top of `late`
};

struct conformance_case {
    int number = 0;
    std::string name;
    std::string since;  ///< the first version it applies to; empty: all
    std::string main;   ///< directives of the outermost level
    std::string events;
    std::string http;
    std::optional<double> upstream;  ///< seconds that the upstream at 127.0.0.1:9000 takes to answer
    std::vector<play> plays;         ///< at the same time
};

struct case_file {
    tolerances tolerance;
    std::vector<conformance_case> cases;
};

/// Throws bad_input with file, line and column.
[[nodiscard]] case_file read_cases(const std::filesystem::path& file);

}  // namespace firstfin::testing

namespace firstfin {
template <>
inline constexpr std::array names_of<testing::moment> = {
    enum_name<testing::moment>{testing::moment::connect, "connect"},
    enum_name<testing::moment>{testing::moment::answer, "answer"},
    enum_name<testing::moment>{testing::moment::send, "send"},
    enum_name<testing::moment>{testing::moment::signal, "signal"},
    enum_name<testing::moment>{testing::moment::server_fin, "server FIN"}};
template <>
inline constexpr std::array names_of<testing::end_kind> = {
    enum_name<testing::end_kind>{testing::end_kind::server_fin, "server FIN"},
    enum_name<testing::end_kind>{testing::end_kind::server_rst, "server RST"},
    enum_name<testing::end_kind>{testing::end_kind::client_fin, "client FIN"},
    enum_name<testing::end_kind>{testing::end_kind::client_rst, "client RST"},
    enum_name<testing::end_kind>{testing::end_kind::open, "open"}};
}  // namespace firstfin

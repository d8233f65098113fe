#include "harness/witness/sock_diag.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <numeric>

namespace firstfin::witness {

namespace {

// Their answers (about 1 KB each as the kernel counts) fit into the default receive buffer.
constexpr std::size_t batch = 64;

// As much as the kernel puts into one piece of a dump.
constexpr std::size_t buffer_bytes = 64 * 1024;

// TCP_BOUND_INACTIVE (13) stays out: a bound socket that neither listens nor connects is no connection.
constexpr std::uint32_t connection_states = ((1U << tcp_state_count) - 1) & ~1U;

std::uint32_t states_of(const port_filter& rows) {
    return rows.state ? 1U << static_cast<unsigned>(*rows.state) : connection_states;
}

/// Two dumps unless told otherwise: AF_INET leaves out the v4 connections of dual-stack servers.
std::vector<int> families_of(const port_filter& rows) {
    return rows.family ? std::vector{*rows.family} : std::vector{AF_INET, AF_INET6};
}

/// Calls `visit` for each message lying in `bytes`.
template <class Visit>
void for_each_message(std::span<const char> bytes, Visit visit) {
    auto left = static_cast<int>(bytes.size());
    for (const auto* message = reinterpret_cast<const nlmsghdr*>(bytes.data()); ::mnl_nlmsg_ok(message, left);
         message = ::mnl_nlmsg_next(message, &left))
        visit(*message);
}

/// The error number in an NLMSG_ERROR or NLMSG_DONE; both begin with it.
int error_in(const nlmsghdr& message) {
    return message.nlmsg_len < NLMSG_LENGTH(sizeof(int)) ? 0
                                                         : -*static_cast<const int*>(::mnl_nlmsg_get_payload(&message));
}

const inet_diag_msg& diag_in(const nlmsghdr& message) {
    if (message.nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg))) sandbox::fail("read a socket's row", EBADMSG);
    return *static_cast<const inet_diag_msg*>(::mnl_nlmsg_get_payload(&message));
}

bool is_about(const socket_row& row, const connection_ends& asked) {
    return row.state != tcp_state::listen && row.ends.remote == without_mapping(asked.remote) &&
           row.ends.local == without_mapping(asked.local);
}

}  // namespace

std::size_t state_counts::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
}

sock_diag::sock_diag(const sandbox::network_namespace& inside)
    : socket_(inside, NETLINK_SOCK_DIAG), buffer_(buffer_bytes) {
    // A query answers ENOENT both for "no such connection" and for "no tcp_diag in this kernel". A dump of no state
    // walks nothing and tells the two apart, once.
    try {
        dump_family(AF_INET, 0, {}, [](const inet_diag_msg&) {});
    } catch (const boost::system::system_error& error) {
        sandbox::fail("list TCP sockets (is the kernel module tcp_diag there?)", error.code().value());
    }
}

std::optional<socket_row> sock_diag::find(const endpoint& local, const endpoint& remote) {
    std::optional<socket_row> found;
    const connection_ends asked{local, remote};
    ask({&asked, 1}, [&found](std::size_t, const socket_row& row) { found = row; });
    return found;
}

std::optional<tcp_state> sock_diag::query(const endpoint& local, const endpoint& remote) {
    const auto row = find(local, remote);
    return row ? std::optional(row->state) : std::nullopt;
}

std::vector<std::optional<tcp_state>> sock_diag::query_batch(std::span<const connection_ends> asked) {
    std::vector<std::optional<tcp_state>> states(asked.size());
    for (std::size_t first = 0; first < asked.size(); first += batch) {
        const auto part = asked.subspan(first, std::min(batch, asked.size() - first));
        ask(part, [&](std::size_t index, const socket_row& row) { states[first + index] = row.state; });
    }
    return states;
}

void sock_diag::ask(std::span<const connection_ends> asked,
                    const std::function<void(std::size_t, const socket_row&)>& answer) {
    std::array<diag_request, batch> requests;
    std::uint32_t first_sequence = 0;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto sequence = socket_.next_sequence();
        if (i == 0) first_sequence = sequence;
        requests[i] = exact_request(asked[i], sequence);
    }
    const auto bytes = std::as_bytes(std::span(requests).first(asked.size()));
    socket_.send("ask for TCP sockets", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});

    // Each request has one answer: the row, or an error.
    for (std::size_t answered = 0; answered < asked.size();) {
        for_each_message(socket_.receive("read TCP sockets", buffer_), [&](const nlmsghdr& message) {
            const std::size_t index = message.nlmsg_seq - first_sequence;
            if (index >= asked.size()) return;  // left over from a query that threw
            ++answered;
            if (message.nlmsg_type == NLMSG_ERROR) {
                if (const int error = error_in(message); error != ENOENT) sandbox::fail("ask for a TCP socket", error);
                return;
            }
            if (const auto row = row_from(diag_in(message)); is_about(row, asked[index])) answer(index, row);
        });
    }
}

state_counts sock_diag::count_states(const port_filter& ports) {
    state_counts counts;
    for (const int family : families_of(ports))
        dump_family(family, states_of(ports), ports, [&counts](const inet_diag_msg& message) {
            counts.add(static_cast<tcp_state>(message.idiag_state));
        });
    return counts;
}

void sock_diag::dump(const std::function<void(const socket_row&)>& visit, const port_filter& ports) {
    for (const int family : families_of(ports))
        dump_family(family, states_of(ports), ports,
                    [&visit](const inet_diag_msg& message) { visit(row_from(message)); });
}

void sock_diag::dump_family(int family, std::uint32_t states, const port_filter& ports,
                            const std::function<void(const inet_diag_msg&)>& visit) {
    const auto sequence = socket_.next_sequence();
    const auto request = dump_request(static_cast<std::uint8_t>(family), states, ports.local, ports.remote, sequence);
    socket_.send("dump TCP sockets", {reinterpret_cast<const char*>(&request), sizeof request});

    // A dump left half-read blocks the next one (EBUSY), so it is read to its end whatever the visitor throws.
    std::exception_ptr thrown;
    for (bool done = false; !done;) {
        for_each_message(socket_.receive("read a dump of TCP sockets", buffer_), [&](const nlmsghdr& message) {
            if (message.nlmsg_seq != sequence) return;
            if (message.nlmsg_type == NLMSG_ERROR || message.nlmsg_type == NLMSG_DONE) {
                done = true;
                if (const int error = error_in(message); error != 0) sandbox::fail("dump TCP sockets", error);
                return;
            }
            if (thrown) return;
            try {
                visit(diag_in(message));
            } catch (...) {
                thrown = std::current_exception();
            }
        });
    }
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace firstfin::witness

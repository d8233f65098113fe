#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/role_protocol.hpp"
#include "harness/witness/packet.hpp"
#include "harness/witness/timeline.hpp"

namespace firstfin::witness {

/// One connection as the join knows it: its timeline so far, and which ends have reported their close.
struct connection {
    timeline seen;
    std::optional<std::uint64_t> trial;
    bool observed = false;          ///< it is its trial's connection, not a retry's
    bool finished = false;          ///< judged: later entries are dropped
    std::array<bool, 2> closed{};   ///< by side
    std::array<bool, 3> started{};  ///< wire, server, client: has this stream shown its beginning?
    std::optional<std::uint32_t> client_isn;
    bool by_address = false;  ///< the trial follows from the server's address: its client reports nothing
    bool used = false;        ///< the wire has shown a request
    bool ends = false;        ///< the wire has shown a FIN or RST
};

/// Whether this sandbox has a capture.
enum class wire_is : std::uint8_t { unwatched, watched };

/// Joins the streams of independent witnesses into timelines, by 4-tuple and time. Ports come back: each stream counts
/// its own beginnings (SYN, accepted, connected), and the n-th beginning of one stream on a tuple belongs to the n-th
/// of the others, in whatever order the streams arrive here.
class joiner {
public:
    using connection_ptr = std::shared_ptr<connection>;
    /// Called when a connection of a trial gets a new entry that may end it; for one known by its address also when it
    /// begins and when its first request is seen.
    using on_change = std::function<void(const connection_ptr&)>;

    explicit joiner(on_change changed, wire_is wire = wire_is::watched) : changed_(std::move(changed)), wire_(wire) {}

    /// Whatever connects to `server` belongs to this trial: its client is a program that reports nothing.
    void expect(const address& server, std::uint64_t trial) { by_address_[server] = trial; }
    [[nodiscard]] bool expects(const address& server) const { return by_address_.contains(server); }

    /// An event of the role process `process` (any number that tells processes apart) on side `from`.
    void add(std::uint32_t process, side from, const role::event& said);
    /// A captured packet. `server_ports` tells which end is the server.
    void add(time_point at, const packet& seen, side from);
    /// Judged and stored: its entries are not needed any more.
    void forget(const connection_ptr& done);

private:
    enum class stream : std::uint8_t { wire, server, client };
    void follow(const connection_ptr& one, const segment& seen);
    connection_ptr begin(const four_tuple& tuple, stream of);
    connection_ptr latest(const four_tuple& tuple, stream of) const;

    struct process_connection {
        std::uint32_t process;
        side from;
        std::uint64_t conn;
        friend bool operator==(const process_connection&, const process_connection&) = default;
    };
    struct process_connection_hash {
        std::size_t operator()(const process_connection& key) const {
            return static_cast<std::size_t>(key.conn * 0x9e3779b97f4a7c15ULL) ^ (std::size_t{key.process} << 1) ^
                   static_cast<std::size_t>(key.from);
        }
    };

    on_change changed_;
    wire_is wire_;
    std::unordered_map<four_tuple, std::vector<connection_ptr>, four_tuple_hash> by_tuple_;
    std::unordered_map<process_connection, connection_ptr, process_connection_hash> by_process_;
    std::map<address, std::uint64_t> by_address_;
};

}  // namespace firstfin::witness

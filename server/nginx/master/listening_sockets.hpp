#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/nginx/worker.hpp"

namespace firstfin::nginx {

/// The sockets of a configuration, in the master. Those that the configuration before it had are the same ones, with
/// whatever waits in their queues; those it has no more close with the last object that knows them.
class listening_sockets {
public:
    /// None.
    listening_sockets() = default;
    /// Throws environment_lacks when one cannot be bound; `before` is as it was then. Tries for 2.5 s where an address
    /// is in use, as nginx does, and logs each time which.
    listening_sockets(const nginx_conf::http_settings& settings, unsigned workers, const listening_sockets& before,
                      const error_log& log);

    /// Copies of its own for worker `number`, counted from 0: with reuseport each has a socket to itself.
    [[nodiscard]] std::vector<listening_socket> for_worker(unsigned number) const;

private:
    class bound;
    /// False when an address is in use.
    bool open_all(const nginx_conf::http_settings& settings, unsigned workers, const listening_sockets& before,
                  const error_log& log);
    struct place {
        std::size_t listen = 0;
        std::vector<std::shared_ptr<const bound>> sockets;  ///< one, or one a worker
    };
    std::map<std::string, place> places_;  ///< by address
};

}  // namespace firstfin::nginx

#include "server/nginx_conf/bound_listens.hpp"

#include <algorithm>

namespace firstfin::nginx_conf {

std::vector<std::size_t> bound_listens(const std::vector<listen_socket>& listens) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < listens.size(); ++i) {
        const auto& one = listens[i].options;
        const bool covered = !one.bind && std::ranges::any_of(listens, [&](const auto& other) {
            const auto& all = other.options.where;
            return all.is_wildcard() && !one.where.is_wildcard() && all.kind == one.where.kind &&
                   all.port == one.where.port;
        });
        if (!covered) out.push_back(i);
    }
    return out;
}

}  // namespace firstfin::nginx_conf

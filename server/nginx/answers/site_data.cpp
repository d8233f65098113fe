#include "server/nginx/answers/site_data.hpp"

#include "server/nginx_conf/lookup.hpp"

namespace firstfin::nginx {

const served_server& site_data::server_for(std::size_t listen, std::string_view host) const {
    const auto& at = listens[listen];
    if (const auto found = at.by_name.find(host); found != at.by_name.end()) return *found->second;
    if (!at.has_patterns || host.empty()) return *at.default_server;
    const auto& chosen = nginx_conf::choose_server(settings, settings.listens[listen], host);
    return *servers[static_cast<std::size_t>(&chosen - settings.servers.data())];
}

}  // namespace firstfin::nginx

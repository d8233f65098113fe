#include "server/nginx/master/write_nothing.hpp"

namespace firstfin::nginx {

namespace {

void without_logs(nginx_conf::location_settings& level) {
    level.values.access_logs.value.clear();
    for (auto& each : level.nested)
        without_logs(each);
    for (auto& each : level.ifs)
        without_logs(each.inside);
}

}  // namespace

nginx_conf::http_settings writing_nothing(nginx_conf::http_settings settings) {
    settings.core.error_logs = {};
    settings.core.pid = {};
    settings.core.user = {};
    settings.core.daemon.value = false;
    settings.values.access_logs.value.clear();
    settings.values.error_logs = {};
    for (auto& each : settings.servers)
        without_logs(each.level);
    return settings;
}

}  // namespace firstfin::nginx

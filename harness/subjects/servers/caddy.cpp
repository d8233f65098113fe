#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view frame = R"({{
	admin off
	auto_https off
	storage file_system {0}
{2}}}
http://:{1} {{
	bind tcp4/0.0.0.0
	header Content-Type text/html
	respond `{3}`
}}
)";

launch prepare(const server_request& of) {
    std::string told;
    if (is_told(of, "keepalive_timeout")) {
        const auto limit = idle_limit(of);
        refuse_zero(limit, "Caddy", "its default");
        told = fmt::format("\tservers {{\n\t\ttimeouts {{\n\t\t\tidle {}ms\n\t\t}}\n\t}}\n",
                           whole<std::chrono::milliseconds>(limit, "Caddy"));
    }
    launch out;
    out.arguments = {"run", "--config", of.folder + "/Caddyfile", "--adapter", "caddyfile"};
    out.environment = {{"XDG_DATA_HOME", of.folder}, {"XDG_CONFIG_HOME", of.folder}};
    out.files = {{"Caddyfile", fmt::format(frame, of.folder, of.port, told, page)}};
    return out;
}

}  // namespace

server_subject caddy() {
    return {.id = "caddy",
            .name = "Caddy",
            .profile = "caddy",
            .comes_from = {.programs = {"caddy"}, .packages = {"caddy"}, .version_arguments = {"version"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare,
            .quit_signal = SIGTERM};
}

}  // namespace firstfin::subjects

#include <gtest/gtest.h>

#include "server/nginx_conf/bound_listens.hpp"
#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx_conf {
namespace {

/// The addresses that get a socket, of a server with these `listen` directives.
std::vector<std::string> bound(const std::string& listens) {
    reading_options options;
    options.access = files_in_memory({{"/n.conf", "events {} http { server { " + listens + " } }"}});
    const auto read = read_configuration("/n.conf", "/", options);
    EXPECT_TRUE(read.is_valid()) << listens;
    const auto settings = effective(read);
    std::vector<std::string> out;
    for (const auto index : bound_listens(settings.listens))
        out.push_back(settings.listens[index].text);
    return out;
}

using texts = std::vector<std::string>;

TEST(BoundListens, AWildcardTakesItsPortForAll) {
    EXPECT_EQ(bound("listen 127.0.0.1:80; listen *:80;"), (texts{"0.0.0.0:80"}));
}

TEST(BoundListens, OtherPortsAndFamiliesAreTheirOwn) {
    EXPECT_EQ(bound("listen 80; listen 127.0.0.1:81; listen [::1]:80;"),
              (texts{"0.0.0.0:80", "127.0.0.1:81", "[::1]:80"}));
}

TEST(BoundListens, OptionsAskForASocket) {
    EXPECT_EQ(bound("listen 80; listen 127.0.0.1:80 bind;"), (texts{"0.0.0.0:80", "127.0.0.1:80"}));
}

}  // namespace
}  // namespace firstfin::nginx_conf

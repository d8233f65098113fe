#include "harness/sandbox/network_namespace.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "harness/sandbox/link.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {
namespace {

using sandbox::netns_scope;
using sandbox::network_namespace;

ino_t current_namespace() {
    struct stat at {};
    sandbox::check("stat", ::stat("/proc/thread-self/ns/net", &at));
    return at.st_ino;
}

ino_t inode_of(const network_namespace& inside) {
    struct stat at {};
    sandbox::check("stat", ::fstat(inside.fd(), &at));
    return at.st_ino;
}

auto open_descriptors() {
    return std::ranges::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                 std::filesystem::directory_iterator{});
}

class NetworkNamespace : public needs_namespaces {};

TEST_F(NetworkNamespace, making_one_leaves_the_thread_and_its_descriptors_as_they_were) {
    const auto home = current_namespace();
    const auto descriptors = open_descriptors();
    {
        const auto made = network_namespace::create();
        EXPECT_NE(inode_of(made), home);
        EXPECT_EQ(current_namespace(), home);
        EXPECT_EQ(open_descriptors(), descriptors + 1);
    }
    EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_F(NetworkNamespace, scopes_nest_and_unwind) {
    const auto home = current_namespace();
    const auto outer = network_namespace::create();
    const auto inner = network_namespace::create();
    {
        const netns_scope in_outer(outer);
        EXPECT_EQ(current_namespace(), inode_of(outer));
        try {
            const netns_scope in_inner(inner);
            EXPECT_EQ(current_namespace(), inode_of(inner));
            throw 1;
        } catch (int) {
            EXPECT_EQ(current_namespace(), inode_of(outer));
        }
    }
    EXPECT_EQ(current_namespace(), home);
}

TEST_F(NetworkNamespace, a_scope_moves_its_own_thread_only) {
    const auto home = current_namespace();
    const auto made = network_namespace::create();
    const netns_scope inside(made);
    ino_t seen = 0;
    std::thread([&] {
        const auto other = network_namespace::create();
        const netns_scope elsewhere(other);
        seen = current_namespace();
    }).join();
    EXPECT_EQ(current_namespace(), inode_of(made));
    EXPECT_NE(seen, inode_of(made));
    EXPECT_NE(seen, home);
}

TEST_F(NetworkNamespace, loopback_works) {
    const auto made = network_namespace::create();
    const auto localhost = boost::asio::ip::make_address("127.0.0.1");
    const auto listener = listen_in(made, localhost);
    const auto client = connect_in(made, localhost, local_end(listener.get()));
    EXPECT_EQ(remote_end(client.get()), local_end(listener.get()));
}

TEST_F(NetworkNamespace, is_gone_when_let_go) {
    const auto stays = network_namespace::create();
    const auto has_link = [&stays] {
        const netns_scope inside(stays);
        return ::if_nametoindex(sandbox::veth_pair::interface_name) != 0;
    };
    {
        const auto goes = network_namespace::create();
        const sandbox::veth_pair link(stays, goes);
        EXPECT_TRUE(has_link());
    }
    // The far end of the cable was inside; only the end of that namespace takes the near end away.
    EXPECT_TRUE(eventually([&] { return !has_link(); }));
}

}  // namespace
}  // namespace firstfin::testing

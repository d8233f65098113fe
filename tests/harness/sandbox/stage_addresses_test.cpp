#include "harness/sandbox/stage_addresses.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace firstfin::testing {
namespace {

using sandbox::ip_family;
using sandbox::stage_addresses;

struct row {
    unsigned stage;
    const char* server_v4;
    const char* client_v4;
    const char* server_v6;
    const char* client_v6;
};

TEST(StageAddresses, follow_the_stage_number) {
    for (const auto& [stage, server_v4, client_v4, server_v6, client_v6] :
         {row{0, "10.64.0.1", "10.64.0.2", "fd00:ff::1", "fd00:ff::2"},
          row{7, "10.64.7.1", "10.64.7.2", "fd00:ff:7::1", "fd00:ff:7::2"},
          row{250, "10.65.0.1", "10.65.0.2", "fd00:ff:fa::1", "fd00:ff:fa::2"},
          row{47'999, "10.255.249.1", "10.255.249.2", "fd00:ff:bb7f::1", "fd00:ff:bb7f::2"}}) {
        const stage_addresses of(stage);
        EXPECT_EQ(of.server(ip_family::v4).to_string(), server_v4);
        EXPECT_EQ(of.client(ip_family::v4, 0).to_string(), client_v4);
        EXPECT_EQ(of.server(ip_family::v6).to_string(), server_v6);
        EXPECT_EQ(of.client(ip_family::v6, 0).to_string(), client_v6);
    }
}

TEST(StageAddresses, trials_have_a_network_of_their_own) {
    EXPECT_EQ(stage_addresses::of_trial(ip_family::v4, 0).to_string(), "172.16.0.1");
    EXPECT_EQ(stage_addresses::of_trial(ip_family::v4, stage_addresses::max_trials - 1).to_string(), "172.31.66.64");
    EXPECT_EQ(stage_addresses::of_trial(ip_family::v6, 0x1233).to_string(), "fd00:fe::1234");
    EXPECT_EQ(stage_addresses::client_of_trials(ip_family::v4).to_string(), "172.31.255.254");
    EXPECT_EQ(stage_addresses::client_of_trials(ip_family::v6).to_string(), "fd00:fe::f:fffe");
    EXPECT_THROW((void)stage_addresses::of_trial(ip_family::v4, stage_addresses::max_trials), std::out_of_range);
}

TEST(StageAddresses, the_last_client_is_below_the_broadcast_address) {
    const stage_addresses of(3);
    EXPECT_EQ(of.client(ip_family::v4, stage_addresses::max_clients - 1).to_string(), "10.64.3.254");
    EXPECT_EQ(of.client(ip_family::v6, stage_addresses::max_clients - 1).to_string(), "fd00:ff:3::fe");
    EXPECT_THROW((void)of.client(ip_family::v4, stage_addresses::max_clients), std::out_of_range);
    EXPECT_THROW(stage_addresses(stage_addresses::max_stage + 1), std::out_of_range);
}

}  // namespace
}  // namespace firstfin::testing

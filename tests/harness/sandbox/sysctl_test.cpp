#include "harness/sandbox/sysctl.hpp"

#include <fstream>
#include <optional>

#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

using sandbox::get_sysctl;
using sandbox::network_namespace;
using sandbox::set_sysctl;

class Sysctl : public needs_namespaces {
protected:
    void SetUp() override {
        needs_namespaces::SetUp();
        if (!IsSkipped() && !HasFailure()) inside.emplace(network_namespace::create());
    }
    std::optional<network_namespace> inside;
};

TEST_F(Sysctl, is_set_inside_only) {
    const auto on_the_host = [] {
        std::ifstream file("/proc/sys/net/ipv4/tcp_fin_timeout");
        std::string value;
        file >> value;
        return value;
    };
    const auto before = on_the_host();
    set_sysctl(*inside, "net.ipv4.tcp_fin_timeout", "7");
    EXPECT_EQ(get_sysctl(*inside, "net.ipv4.tcp_fin_timeout"), "7");
    EXPECT_EQ(on_the_host(), before);
    EXPECT_NE(before, "7");
}

TEST_F(Sysctl, values_of_several_numbers_come_back_as_they_went) {
    set_sysctl(*inside, "net.ipv4.ip_local_port_range", "20000 29999");
    EXPECT_EQ(get_sysctl(*inside, "net.ipv4.ip_local_port_range"), "20000 29999");
}

TEST_F(Sysctl, an_unknown_name_is_named) {
    const auto message = message_of([&] { set_sysctl(*inside, "net.ipv4.tcp_fin_timeuot", "7"); });
    EXPECT_TRUE(says(message, "net.ipv4.tcp_fin_timeuot"));
    EXPECT_TRUE(says(message, "unknown"));
}

TEST_F(Sysctl, a_refused_value_is_named) {
    for (const auto* value : {"soon", ""}) {
        const auto message = message_of([&] { set_sysctl(*inside, "net.ipv4.tcp_fin_timeout", value); });
        EXPECT_TRUE(says(message, "net.ipv4.tcp_fin_timeout")) << value;
    }
    EXPECT_TRUE(says(message_of([&] { set_sysctl(*inside, "net.ipv4.tcp_fin_timeout", "soon"); }), "refused 'soon'"));
}

TEST_F(Sysctl, names_cannot_leave_net) {
    for (const auto* name : {"kernel.pid_max", "net", "net.", "net..ipv4.tcp_fin_timeout", "net.ipv4.tcp_fin_timeout.",
                             "net.../kernel.pid_max", "net/ipv4/tcp_fin_timeout", "net.ipv4/tcp_fin_timeout", ""})
        EXPECT_TRUE(says(message_of([&] { set_sysctl(*inside, name, "7"); }), "only names below net.")) << name;
}

}  // namespace
}  // namespace firstfin::testing

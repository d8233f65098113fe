#include "harness/validate/system_figures.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/parse_error.hpp"

namespace firstfin::validate {
namespace {

system_figures with(std::initializer_list<std::string_view> given) {
    system_figures out;
    for (const auto one : given)
        set_sysctl(out, one);
    return out;
}

std::string complaint(std::string_view given) {
    try {
        return in_words(with({given}));
    } catch (const bad_input& failed) {
        return failed.what();
    }
}

TEST(SystemFigures, TakeSysctlsAsTheKernelWritesThem) {
    const auto set = with({"net.ipv4.ip_local_port_range=1024\t65535", "tcp_max_tw_buckets=8192", "tcp_tw_reuse = 1\n",
                           "net.ipv4.tcp_tw_reuse_delay=100", "tcp_keepalive_time=60", "tcp_fin_timeout=10"});
    EXPECT_EQ(set.ports(), 64512U);
    EXPECT_EQ(set.time_wait_buckets, 8192U);
    EXPECT_EQ(set.reuse, port_reuse::on);
    EXPECT_EQ(set.reuse_delay, std::chrono::milliseconds(100));
    EXPECT_EQ(set.keepalive_time, std::chrono::minutes(1));
    EXPECT_EQ(set.fin_timeout, std::chrono::seconds(10));
    EXPECT_EQ(with({"ip_local_port_range=40000-50000"}).ports(), 10001U);
}

TEST(SystemFigures, SpeakForThemselves) {
    EXPECT_EQ(in_words(system_figures{}),
              "Linux's defaults: ports 32768-60999, TIME_WAIT 60s, at most 131072 in it, tcp_tw_reuse 2 (loopback "
              "only) after 1s, TCP keepalive after 7200s, FIN_WAIT_2 60s");
    EXPECT_EQ(in_words(with({"tcp_tw_reuse=0", "tcp_fin_timeout=5", "tcp_fin_timeout=7"})),
              "Linux's defaults, tcp_tw_reuse given, tcp_fin_timeout given: ports 32768-60999, TIME_WAIT 60s, at most "
              "131072 in it, tcp_tw_reuse 0 (off), TCP keepalive after 7200s, FIN_WAIT_2 7s");
}

TEST(SystemFigures, RefuseWhatTheKernelWouldRefuse) {
    for (const auto* bad :
         {"ip_local_port_range=60999 32768", "ip_local_port_range=1", "ip_local_port_range=0 9",
          "ip_local_port_range=1 65536", "tcp_tw_reuse=3", "tcp_tw_reuse=on", "tcp_tw_reuse=", "tcp_tw_reuse",
          "tcp_tw_reuse=-1", "tcp_max_tw_buckets=1 2", "tcp_max_tw_buckets=2147483648", "tcp_tw_reuse_delay=0",
          "tcp_tw_reuse_delay=60001", "tcp_keepalive_time=0", "", "="}) {
        system_figures kept;
        EXPECT_THROW(set_sysctl(kept, bad), bad_input) << bad;
        EXPECT_EQ(in_words(kept), in_words(system_figures{})) << bad;
    }
    EXPECT_EQ(complaint("tcp_tw_reuse=yes"),
              "net.ipv4.tcp_tw_reuse: 'yes' is not 0 (off), 1 (on) or 2 (loopback only)");
    EXPECT_EQ(complaint("net.ipv4.tcp_tw_resue=1").substr(0, 84),
              "sysctl 'tcp_tw_resue' decides nothing here; did you mean 'net.ipv4.tcp_tw_reuse'?: e");
}

TEST(SystemFigures, ReadAMachine) {
    const auto folder = std::filesystem::path(testing::TempDir()) / "sysctls";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "ip_local_port_range") << "1025\t65534\n";
    std::ofstream(folder / "tcp_max_tw_buckets") << "16384\n";
    auto read = with({"tcp_fin_timeout=1"});
    read_sysctls(read, folder);
    EXPECT_EQ(read.first_port, 1025U);
    EXPECT_EQ(read.time_wait_buckets, 16384U);
    EXPECT_EQ(read.fin_timeout, std::chrono::seconds(60));
    EXPECT_EQ(read.origin, "this machine");
    EXPECT_THROW(read_sysctls(read, folder / "none"), environment_lacks);
    std::ofstream(folder / "tcp_tw_reuse") << "9\n";
    EXPECT_THROW(read_sysctls(read, folder), environment_lacks);
    std::filesystem::remove_all(folder);
}

TEST(SystemFigures, ReadThisMachine) {
    std::uint32_t first = 0;
    std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
    EXPECT_EQ(with({"this-machine"}).first_port, first);
}

}  // namespace
}  // namespace firstfin::validate

#include "harness/doctor/diagnose.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "harness/subjects/installed.hpp"
#include "tests/harness/doctor/sample_facts.hpp"

namespace firstfin::doctor {
namespace {

const check& named(const diagnosis& found, std::string_view name) {
    const auto one = std::ranges::find(found.checks, name, &check::name);
    if (one == found.checks.end()) throw std::runtime_error("no check " + std::string(name));
    return *one;
}

struct row {
    std::string name;
    std::function<void(facts&)> change;
    doctor::ability ability;
    std::string sandbox;
    std::string check;   ///< the one that must complain
    std::string remedy;  ///< a part of it
};

void PrintTo(const row& one, std::ostream* out) {
    *out << one.name;
}

attempt refused() {
    return failed_with(EPERM, "make a user namespace: Operation not permitted");
}
void lock_users_out(facts& of) {
    of = for_a_user(of);
    of.as_user = {};
    of.as_user.enter = refused();
}

class Diagnose : public ::testing::TestWithParam<row> {};

TEST_P(Diagnose, NamesWhatIsMissingAndWhatHelps) {
    auto of = good_machine();
    GetParam().change(of);
    const auto found = diagnose(of);
    EXPECT_EQ(to_text(found.ability), to_text(GetParam().ability));
    EXPECT_EQ(found.sandbox, GetParam().sandbox);
    const auto& one = named(found, GetParam().check);
    EXPECT_NE(one.status, status::ok);
    EXPECT_FALSE(one.cost.empty());
    EXPECT_NE(one.remedy.find(GetParam().remedy), std::string::npos) << one.remedy;
}

constexpr auto users = "user namespaces without root";

INSTANTIATE_TEST_SUITE_P(
    Machines, Diagnose,
    ::testing::Values(
        row{"a_user_with_user_namespaces", [](facts& of) { of = for_a_user(of); }, ability::everything, "userns",
            "network namespaces as root", "sudo firstfin"},
        row{"debian_10_switch",
            [](facts& of) {
                lock_users_out(of);
                of.unprivileged_userns_clone = 0;
            },
            ability::limited, "loopback", users, "kernel.unprivileged_userns_clone=1"},
        row{"no_user_namespaces_allowed",
            [](facts& of) {
                lock_users_out(of);
                of.max_user_namespaces = 0;
                of.as_user.enter.error = ENOSPC;
            },
            ability::limited, "loopback", users, "user.max_user_namespaces=15000"},
        row{"ubuntu_24_04_apparmor",
            [](facts& of) {
                lock_users_out(of);
                of.apparmor_restrict_userns = 1;
            },
            ability::limited, "loopback", users, "kernel.apparmor_restrict_unprivileged_userns=0"},
        row{"root_in_docker",
            [](facts& of) {
                lock_users_out(of);
                of.root = true;
                of.container = "docker";
                of.seccomp = 2;
            },
            ability::limited, "loopback", "network namespaces as root", "--privileged"},
        row{"user_in_docker",
            [](facts& of) {
                lock_users_out(of);
                of.container = "docker";
                of.seccomp = 2;
            },
            ability::limited, "loopback", users, "seccomp=unconfined"},
        row{"root_without_capabilities",
            [](facts& of) {
                lock_users_out(of);
                of.root = true;
            },
            ability::limited, "loopback", "network namespaces as root", "CAP_SYS_ADMIN"},
        row{"users_locked_out_matters_to_root_only_a_little",
            [](facts& of) {
                of.as_user = {};
                of.as_user.enter = failed_with(ENOSPC, "make a user namespace");
                of.max_user_namespaces = 0;
            },
            ability::everything, "netns", users, "user.max_user_namespaces"},
        row{"no_veth", [](facts& of) { of.as_root.veth = of.as_user.veth = failed_with(EOPNOTSUPP, "make a veth pair"); },
            ability::limited, "loopback", "virtual cable (veth)", "modprobe veth"},
        row{"proc_sys_read_only_in_docker",
            [](facts& of) {
                of.container = "docker";
                of.as_root.sysctl = of.as_user.sysctl = failed_with(EROFS, "write: Read-only file system");
            },
            ability::limited, "loopback", "sysctls inside a namespace", "--privileged"},
        row{"masked_proc",
            [](facts& of) { of.as_root.processes = of.as_user.processes = failed_with(EPERM, "mount /proc"); },
            ability::limited, "loopback", "PID namespace with its own /proc", "must not be masked"},
        row{"no_capture", [](facts& of) { of.as_root.capture = failed_with(EAFNOSUPPORT, "open a packet socket"); },
            ability::limited, "netns", "packet capture", "modprobe af_packet"},
        row{"no_tun_module", [](facts& of) { of.as_root.tun = failed_with(ENOENT, "open /dev/net/tun"); }, ability::limited,
            "netns", "/dev/net/tun", "modprobe tun"},
        row{"no_tun_in_docker",
            [](facts& of) {
                of.as_root.tun = failed_with(ENOENT, "open /dev/net/tun");
                of.container = "docker";
            },
            ability::limited, "netns", "/dev/net/tun", "--device /dev/net/tun"},
        row{"no_sock_diag", [](facts& of) { of.socket_tables = failed_with(ENOENT, "list TCP sockets"); }, ability::nothing,
            "netns", "socket tables (sock_diag)", "modprobe tcp_diag"},
        row{"no_ipv6", [](facts& of) { of.ipv6 = false; }, ability::limited, "netns", "IPv6", "ipv6.disable"},
        row{"few_open_files", [](facts& of) { of.open_files_hard = 256; }, ability::limited, "netns", "open files",
            "ulimit -Hn"},
        row{"hardly_any_open_files", [](facts& of) { of.open_files_hard = 64; }, ability::nothing, "netns", "open files",
            "ulimit -Hn"},
        row{"little_memory", [](facts& of) { of.memory_available = 200'000'000; }, ability::limited, "netns", "memory",
            "321 MB"},
        row{"no_memory", [](facts& of) { of.memory_available = 100'000'000; }, ability::nothing, "netns", "memory", "MB"},
        row{"few_tw_buckets_on_loopback",
            [](facts& of) {
                lock_users_out(of);
                of.tw_buckets = 8192;
            },
            ability::limited, "loopback", "net.ipv4.tcp_max_tw_buckets", "sysctl -w net.ipv4.tcp_max_tw_buckets"},
        row{"few_ports_on_loopback",
            [](facts& of) {
                lock_users_out(of);
                of.ports = {50'000, 50'999};
            },
            ability::limited, "loopback", "ephemeral ports", "ip_local_port_range"},
        row{"half_an_installation", [](facts& of) { of.own_programs = failed_with(EIO, "firstfin-server is missing"); },
            ability::nothing, "netns", "firstfin-server and firstfin-client", "whole project"},
        row{"not_even_loopback",
            [](facts& of) {
                lock_users_out(of);
                of.loopback = failed_with(EADDRNOTAVAIL, "bind 127.0.0.2");
            },
            ability::nothing, "none", "loopback addresses", "ip link set lo up"},
        row{"no_nginx", [](facts& of) { of.programs[0].path.clear(); }, ability::everything, "netns", "nginx",
            "apt-get install --no-install-recommends nginx-light"}),
    [](const auto& each) { return each.param.name; });

TEST(DiagnoseWhole, AGoodMachineHasNothingToComplainAbout) {
    const auto found = diagnose(good_machine());
    EXPECT_EQ(found.ability, ability::everything);
    for (const auto& one : found.checks) {
        EXPECT_EQ(one.status, status::ok) << one.name;
        EXPECT_TRUE(one.cost.empty() && one.remedy.empty()) << one.name;
        EXPECT_FALSE(one.found.empty()) << one.name;
    }
}

TEST(DiagnoseWhole, WhatWasNotTriedIsNotSaidToFail) {
    auto of = good_machine();
    lock_users_out(of);
    const auto found = diagnose(of);
    for (const auto* name : {"packet capture", "virtual cable (veth)", "/dev/net/tun"}) {
        EXPECT_NE(named(found, name).found.find("not tried"), std::string::npos);
        EXPECT_EQ(named(found, name).remedy, "see namespaces above");
    }
}

TEST(DiagnoseWhole, SmallBucketsAndPortsDoNotMatterInsideNamespaces) {
    auto of = good_machine();
    of.tw_buckets = 10;
    of.ports = {50'000, 50'100};
    EXPECT_EQ(diagnose(of).ability, ability::everything);
    of.tw_buckets.reset();
    of.ports.reset();
    EXPECT_EQ(diagnose(of).ability, ability::everything);
}

TEST(VersionLine, IsTheFirstWithANumber) {
    using subjects::version_line;
    EXPECT_EQ(version_line("nginx version: nginx/1.22.1\n"), "nginx version: nginx/1.22.1");
    EXPECT_EQ(version_line("\nRunning as user root\nTShark 4.0\nCopyright 1998\n"), "TShark 4.0");
    EXPECT_EQ(version_line("no number here"), "");
    EXPECT_EQ(version_line(""), "");
    EXPECT_EQ(version_line(std::string(200, '1')).size(), 80U);
}

}  // namespace
}  // namespace firstfin::doctor

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace json = boost::json;

/// What the real machine says, with parts of it taken away for the one process.
class Doctor : public firstfin::testing::needs_namespaces {
protected:
    struct answer {
        int exit_code;
        json::value whole;
        [[nodiscard]] std::string status(std::string_view name) const { return text(name, "status"); }
        [[nodiscard]] std::string text(std::string_view name, const char* member) const {
            for (const auto& one : whole.at("checks").as_array())
                if (std::string_view(one.at("name").as_string()) == name)
                    return std::string(one.at(member).as_string());
            return "no such check";
        }
    };
    answer ask(const std::string& wrapper = {}) {
        const auto ended = here.shell(wrapper + " firstfin doctor --format json");
        boost::system::error_code failed;
        auto whole = json::parse(ended.out, failed);
        EXPECT_FALSE(failed) << ended.exit_code << ended.err << ended.out;
        return {ended.exit_code, std::move(whole)};
    }
    installation here;
};

TEST_F(Doctor, FindsNamespacesWhereTheOtherTestsUseThem) {
    const auto said = ask();
    EXPECT_NE(said.exit_code, 3);
    EXPECT_EQ(said.whole.at("sandbox"), "netns");
    for (const auto* name : {"network namespaces as root", "sysctls inside a namespace", "virtual cable (veth)",
                             "PID namespace with its own /proc", "packet capture", "socket tables (sock_diag)"})
        EXPECT_EQ(said.status(name), "ok") << name;
    EXPECT_EQ(here.firstfin({"doctor"}).exit_code, said.exit_code);
}

TEST_F(Doctor, RootWithoutCapabilitiesIsTold) {
    const auto said = ask("setpriv --bounding-set -all --inh-caps -all");
    EXPECT_EQ(said.status("network namespaces as root"), "missing");
    EXPECT_NE(said.text("network namespaces as root", "found").find("Operation not permitted"), std::string::npos);
    EXPECT_NE(said.whole.at("sandbox"), "netns");
}

TEST_F(Doctor, AUserWithoutRootHasASandboxToo) {
    const auto said = ask("setpriv --reuid 65534 --regid 65534 --clear-groups");
    EXPECT_EQ(said.status("network namespaces as root"), "missing");
    EXPECT_NE(said.text("network namespaces as root", "remedy").find("sudo"), std::string::npos);
    if (said.status("user namespaces without root") == "ok") {
        EXPECT_EQ(said.whole.at("sandbox"), "userns");
    } else {
        EXPECT_EQ(said.whole.at("sandbox"), "loopback");
    }
}

TEST_F(Doctor, ALimitOfNoUserNamespacesIsNamed) {
    // The limit of a user namespace of our own binds those made inside it.
    const auto said =
        ask("unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec \"$@\"' sh");
    EXPECT_EQ(said.status("user namespaces without root"), "missing");
    EXPECT_NE(said.text("user namespaces without root", "remedy").find("user.max_user_namespaces"), std::string::npos);
}

TEST_F(Doctor, AReadOnlyProcSysIsNoticed) {
    const auto said =
        ask("unshare --mount sh -c 'mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys; exec "
            "\"$@\"' sh");
    EXPECT_EQ(said.status("sysctls inside a namespace"), "missing");
    EXPECT_NE(said.text("sysctls inside a namespace", "found").find("Read-only"), std::string::npos);
}

TEST_F(Doctor, FewOpenFilesLimitTheSize) {
    const auto said = ask("prlimit --nofile=300:300");
    EXPECT_EQ(said.exit_code, 1);
    EXPECT_EQ(said.status("open files"), "limited");
}

TEST_F(Doctor, WithoutItsProgramsNothingRuns) {
    std::filesystem::remove(here.folder() / "bin" / "firstfin-server");
    const auto said = ask();
    EXPECT_EQ(said.exit_code, 3);
    EXPECT_EQ(said.whole.at("ability"), "nothing");
}

TEST_F(Doctor, ProgramsAreFoundWithTheirVersions) {
    std::filesystem::create_directory(here.folder() / "fake");
    const auto nginx = here.file("fake/nginx", "#!/bin/sh\necho 'nginx version: nginx/9.8.7' >&2\n");
    const auto hanging = here.file("fake/haproxy", "#!/bin/sh\nexec sleep 1000\n");
    for (const auto& file : {nginx, hanging})
        std::filesystem::permissions(file, std::filesystem::perms::owner_exec, std::filesystem::perm_options::add);
    const auto said = ask("env PATH=" + (here.folder() / "fake").string() + ":$PATH");
    EXPECT_EQ(said.text("nginx-light", "found"), "nginx version: nginx/9.8.7 (" + nginx + ")");
    EXPECT_EQ(said.text("haproxy", "found"), "no version told (" + hanging + ")");
}

}  // namespace
}  // namespace firstfin::test

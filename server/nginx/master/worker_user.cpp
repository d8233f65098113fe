#include "server/nginx/master/worker_user.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/parse_error.hpp"

namespace firstfin::nginx {

worker_user::worker_user() {
    const auto* found = ::getpwnam(name_.c_str());
    if (found == nullptr) return;
    uid_ = found->pw_uid;
    gid_ = found->pw_gid;
}

worker_user::worker_user(std::string name, const std::string& group, const std::string& place)
    : name_(std::move(name)) {
    const auto* known_user = ::getpwnam(name_.c_str());
    if (known_user == nullptr) throw bad_input(fmt::format("getpwnam(\"{}\") failed{}", name_, place));
    uid_ = known_user->pw_uid;
    const auto& group_name = group.empty() ? name_ : group;
    const auto* known_group = ::getgrnam(group_name.c_str());
    if (known_group == nullptr) throw bad_input(fmt::format("getgrnam(\"{}\") failed{}", group_name, place));
    gid_ = known_group->gr_gid;
}

void worker_user::become() const {
    if (uid_ == 0) return;
    const auto fail = [this](const char* what) {
        throw environment_lacks(
            fmt::format("{} for user \"{}\" failed ({}: {})", what, name_, errno, std::strerror(errno)));
    };
    if (::setgid(gid_) != 0) fail("setgid()");
    if (::initgroups(name_.c_str(), gid_) != 0) fail("initgroups()");
    if (::setuid(uid_) != 0) fail("setuid()");
}

}  // namespace firstfin::nginx

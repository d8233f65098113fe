#include "server/nginx/master/worker_user.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/parse_error.hpp"

namespace firstfin::nginx {

worker_user::worker_user(const std::string& name) : name_(name.empty() ? "nobody" : name) {
    const auto* found = ::getpwnam(name_.c_str());
    if (found == nullptr) throw bad_input(fmt::format("[emerg] getpwnam(\"{}\") failed: no such user here", name_));
    uid_ = found->pw_uid;
    gid_ = found->pw_gid;
}

void worker_user::become() const {
    if (uid_ == 0) return;
    if (::setgid(gid_) != 0 || ::initgroups(name_.c_str(), gid_) != 0 || ::setuid(uid_) != 0)
        throw environment_lacks(fmt::format("cannot become {}: {}", name_, std::strerror(errno)));
}

}  // namespace firstfin::nginx

#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace firstfin::nginx {

/// Who workers are when their master is root (the directive `user`); nginx's default is nobody.
class worker_user {
public:
    /// Throws bad_input for a name this machine does not know.
    explicit worker_user(const std::string& name);

    /// In the worker. Throws environment_lacks when the kernel refuses.
    void become() const;

private:
    std::string name_;
    uid_t uid_ = 0;
    gid_t gid_ = 0;
};

}  // namespace firstfin::nginx

#pragma once

#include <sys/types.h>

#include <string>

namespace firstfin::nginx {

/// Who workers are when their master is root (the directive `user`).
class worker_user {
public:
    /// nginx's default: nobody, where there is such a user.
    worker_user();
    /// An empty `group` is named as the user. `place` ends the messages. Throws bad_input, in nginx's words, for a name
    /// this machine does not know.
    worker_user(std::string name, const std::string& group, const std::string& place);

    /// Whoever the master is.
    [[nodiscard]] static worker_user same() {
        worker_user out;
        out.uid_ = out.gid_ = 0;  // root stays root, and others cannot change
        return out;
    }

    [[nodiscard]] uid_t uid() const { return uid_; }
    /// In the worker. Throws environment_lacks when the kernel refuses. Root stays root.
    void become() const;

private:
    std::string name_ = "nobody";
    uid_t uid_ = 65534;
    gid_t gid_ = 65534;
};

}  // namespace firstfin::nginx

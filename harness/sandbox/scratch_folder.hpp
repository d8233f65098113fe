#pragma once

#include <string>

#include "harness/sandbox/system_call.hpp"

namespace firstfin::sandbox {

/// A file system in memory for one program and what it starts: mounted in its own mount namespace alone, so that nobody
/// else sees it, and gone with the last process and descriptor that hold it, however they end. Nothing is on the disk.
class scratch_folder {
public:
    /// Throws where the kernel refuses (no CAP_SYS_ADMIN), or where there is no folder to mount it over.
    scratch_folder();

    /// Where the program sees it: an empty folder of the host, /mnt where it is one.
    [[nodiscard]] static const std::string& path();

    /// `name` has no folder in it.
    void write(const std::string& name, const std::string& text, bool executable = false);
    /// Writable for every user.
    void make_folder(const std::string& name);
    /// Throws when it is not there.
    [[nodiscard]] std::string read(const std::string& name) const;

    /// The mount, for move_mount(2); usable once.
    [[nodiscard]] int fd() const noexcept { return mount_.get(); }

private:
    unique_fd mount_;
};

}  // namespace firstfin::sandbox

#pragma once

#include <sys/syscall.h>
#include <sys/types.h>

#include "harness/sandbox/system_call.hpp"

namespace firstfin::sandbox {

/// Readable once the process has ended. A raw call: <sys/pidfd.h> of glibc 2.36 forgot its extern "C".
inline unique_fd open_pidfd(pid_t pid) {
    return unique_fd(static_cast<int>(check("open a pidfd", ::syscall(SYS_pidfd_open, pid, 0))));
}

}  // namespace firstfin::sandbox

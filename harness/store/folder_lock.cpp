#include "harness/store/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include "core/parse_error.hpp"

namespace firstfin::store {

folder_lock::folder_lock(const std::filesystem::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ < 0)
        throw bad_input(
            fmt::format("cannot open the folder {}: {}", folder.string(), std::generic_category().message(errno)));
    // A process killed a moment ago may still be giving back its memory, and closes its descriptors only then.
    for (int tries = 0; tries < 10; ++tries) {
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ::close(descriptor_);
    throw bad_input(fmt::format("another firstfin is writing into {}: wait until it ends, or choose another --out",
                                folder.string()));
}

folder_lock::~folder_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace firstfin::store

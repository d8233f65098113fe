#pragma once

#include <filesystem>
#include <utility>

namespace firstfin::store {

/// Keeps a second firstfin from writing into the same run. Held by a descriptor on the folder, so it ends with the
/// process, however that ends, and leaves no file. Readers do not ask for it.
class folder_lock {
public:
    /// Throws bad_input when another process writes there. File systems without such locks give none, silently.
    explicit folder_lock(const std::filesystem::path& folder);
    ~folder_lock();
    folder_lock(folder_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    folder_lock& operator=(folder_lock&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }

private:
    int descriptor_ = -1;
};

}  // namespace firstfin::store

#include "harness/sandbox/scratch_folder.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

namespace firstfin::sandbox {

namespace fs = std::filesystem;

namespace {

/// Memory that one program may fill.
constexpr auto size_limit = "2g";

std::string choose_path() {
    for (const auto* candidate : {"/mnt", "/media", "/srv"}) {
        std::error_code failed;
        if (fs::is_directory(candidate, failed) && fs::is_empty(candidate, failed) && !failed) return candidate;
    }
    return "/mnt";
}

void configure(int context, const char* key, const char* value) {
    check("configure a scratch folder", ::fsconfig(context, FSCONFIG_SET_STRING, key, value, 0));
}

}  // namespace

const std::string& scratch_folder::path() {
    static const std::string chosen = choose_path();
    return chosen;
}

scratch_folder::scratch_folder() {
    const unique_fd context(check("make a scratch folder in memory", ::fsopen("tmpfs", FSOPEN_CLOEXEC)));
    configure(context.get(), "size", size_limit);
    configure(context.get(), "mode", "0755");
    check("make a scratch folder", ::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0));
    mount_.reset(check("mount a scratch folder",
                       ::fsmount(context.get(), FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)));
}

void scratch_folder::write(const std::string& name, const std::string& text, bool executable) {
    const unique_fd out(check(
        "write", name,
        ::openat(mount_.get(), name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, executable ? 0755 : 0644)));
    check("set the mode of", name, ::fchmod(out.get(), executable ? 0755 : 0644));  // whatever the umask
    for (std::size_t from = 0; from < text.size();)
        from +=
            static_cast<std::size_t>(check("write", name, ::write(out.get(), text.data() + from, text.size() - from)));
}

void scratch_folder::make_folder(const std::string& name) {
    check("make", name, ::mkdirat(mount_.get(), name.c_str(), 0777));
    check("set the mode of", name, ::fchmodat(mount_.get(), name.c_str(), 0777, 0));
}

std::string scratch_folder::read(const std::string& name) const {
    const unique_fd in(check("read", name, ::openat(mount_.get(), name.c_str(), O_RDONLY | O_CLOEXEC)));
    std::string out;
    std::array<char, 1 << 16> piece{};
    while (const auto size = check("read", name, ::read(in.get(), piece.data(), piece.size())))
        out.append(piece.data(), static_cast<std::size_t>(size));
    return out;
}

}  // namespace firstfin::sandbox

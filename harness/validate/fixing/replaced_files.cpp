#include "harness/validate/fixing/replaced_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "harness/sandbox/system_call.hpp"

namespace firstfin::validate::fixing {

namespace {

namespace fs = std::filesystem;
using sandbox::check;
using sandbox::unique_fd;

struct not_to_be_written : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string contents(int file, const std::string& path) {
    std::string out;
    char buffer[65536];
    for (;;) {
        const auto got = ::pread(file, buffer, sizeof buffer, static_cast<off_t>(out.size()));
        if (got < 0 && errno == EINTR) continue;
        check("read", path, got);
        if (got == 0) return out;
        out.append(buffer, static_cast<std::size_t>(got));
    }
}

void write_all(int file, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const auto put = ::write(file, text.data(), text.size());
        if (put < 0 && errno == EINTR) continue;
        text.remove_prefix(static_cast<std::size_t>(check("write", path, put)));
    }
}

/// ACLs are among them. Those of the security modules are set by the kernel itself.
void copy_attributes(int from, int to, const std::string& path) {
    std::string names(65536, '\0');
    const auto length = ::flistxattr(from, names.data(), names.size());
    if (length < 0 && errno == ENOTSUP) return;
    names.resize(static_cast<std::size_t>(check("list the extended attributes of", path, length)));
    std::string value(65536, '\0');
    for (std::size_t at = 0; at < names.size(); at = names.find('\0', at) + 1) {
        const char* name = names.c_str() + at;
        if (std::string_view(name).starts_with("security.")) continue;
        const auto size =
            check("read an extended attribute of", path, ::fgetxattr(from, name, value.data(), value.size()));
        check("keep the extended attributes of", path,
              ::fsetxattr(to, name, value.data(), static_cast<std::size_t>(size), 0));
    }
}

/// A file beside its target; gone unless it took the target's place.
class draft {
public:
    explicit draft(const new_text& of) : path_(fs::canonical(of.path).string()), before_(of.before) {
        const unique_fd old(check("open", path_, ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)));
        struct stat facts {};
        check("look at", path_, ::fstat(old.get(), &facts));
        if (!S_ISREG(facts.st_mode)) throw not_to_be_written("it is no regular file");
        if (facts.st_nlink > 1)
            throw not_to_be_written(
                fmt::format("it has {} names (hard links), and the others would keep the old text", facts.st_nlink));
        if (contents(old.get(), path_) != of.before) throw not_to_be_written("it changed since it was read");
        check("write to", path_, ::access(path_.c_str(), W_OK));

        auto name = (fs::path(path_).parent_path() / ".firstfin-XXXXXX").string();
        const unique_fd file(check("make a file beside", path_, ::mkostemp(name.data(), O_CLOEXEC)));
        draft_ = name;
        try {
            write_all(file.get(), of.after, draft_);
            // The owner first: changing it takes bits from the mode.
            struct stat own {};
            check("look at", draft_, ::fstat(file.get(), &own));
            if (facts.st_uid != own.st_uid || facts.st_gid != own.st_gid)
                check("keep the owner of", path_, ::fchown(file.get(), facts.st_uid, facts.st_gid));
            check("keep the mode of", path_, ::fchmod(file.get(), facts.st_mode & 07777U));
            copy_attributes(old.get(), file.get(), path_);
            check("write to the disk", draft_, ::fsync(file.get()));
        } catch (...) {
            discard();
            throw;
        }
    }
    draft(draft&& other) noexcept
        : path_(std::move(other.path_)), before_(other.before_), draft_(std::exchange(other.draft_, {})) {}
    draft(const draft&) = delete;
    draft& operator=(const draft&) = delete;
    draft& operator=(draft&&) = delete;
    ~draft() { discard(); }

    void take_place() {
        const unique_fd old(check("open", path_, ::open(path_.c_str(), O_RDONLY | O_CLOEXEC)));
        if (contents(old.get(), path_) != before_) throw not_to_be_written("it changed since it was read");
        check("replace", path_, ::rename(draft_.c_str(), path_.c_str()));
        draft_.clear();
    }

    /// So that the new name outlives a power cut. A file system that cannot do this has done what it can.
    void settle() const noexcept {
        const auto folder = path_.substr(0, path_.rfind('/') + 1);
        const unique_fd place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (place) ::fsync(place.get());
    }

private:
    void discard() noexcept {
        if (!draft_.empty()) ::unlink(draft_.c_str());
        draft_.clear();
    }

    std::string path_;
    const std::string& before_;
    std::string draft_;
};

/// What ends programs has to wait until no file is half done.
class undisturbed {
public:
    undisturbed() {
        sigset_t held;
        ::sigemptyset(&held);
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
            ::sigaddset(&held, number);
        ::pthread_sigmask(SIG_BLOCK, &held, &before_);
    }
    ~undisturbed() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    undisturbed(const undisturbed&) = delete;
    undisturbed& operator=(const undisturbed&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

replaced replace_files(std::span<const new_text> all) {
    const undisturbed here;
    replaced out;
    const new_text* at = nullptr;
    try {
        std::vector<draft> drafts;
        drafts.reserve(all.size());
        for (const auto& one : all) {
            at = &one;
            drafts.emplace_back(one);
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            at = &all[i];
            drafts[i].take_place();
            out.written.push_back(at->path);
        }
        for (const auto& one : drafts)
            one.settle();
    } catch (const not_to_be_written& why) {
        out.failure = fmt::format("{}: {}", at->path, why.what());
    } catch (const fs::filesystem_error& why) {
        out.failure = fmt::format("{}: {}", at->path, why.code().message());
    } catch (const boost::system::system_error& why) {
        // Names the path itself, where symbolic links led to.
        out.failure = fmt::format("cannot {}", why.what());
    }
    return out;
}

}  // namespace firstfin::validate::fixing

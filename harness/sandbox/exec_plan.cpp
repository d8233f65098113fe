#include "harness/sandbox/exec_plan.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace firstfin::sandbox::detail {

namespace {

enum step : int {
    die_with_parent,
    new_session,
    enter_network,
    private_mounts,
    mount_proc,
    mount_scratch,
    set_streams,
    mark_descriptors,
    execute
};

constexpr std::array step_names{"tie its life to ours",         "make its session",     "enter its network namespace",
                                "make its mounts private",      "mount its /proc",      "mount its scratch folder",
                                "connect its standard streams", "mark its descriptors", "execute it"};

}  // namespace

exec_plan::exec_plan(const child_options& options, const std::array<int, 3>& streams, int failure_report)
    : network_(options.network ? options.network->fd() : -1),
      own_proc_(options.processes != nullptr),
      scratch_(options.scratch ? options.scratch->fd() : -1),
      scratch_path_(options.scratch ? scratch_folder::path() : std::string()),
      // From inside another PID namespace a parent outside has no number.
      parent_as_seen_(options.processes ? 0 : ::getpid()),
      streams_(streams),
      failure_report_(failure_report) {
    text_.push_back(options.program);
    text_.insert(text_.end(), options.arguments.begin(), options.arguments.end());
    const auto argument_count = text_.size();
    for (char** variable = environ; *variable; ++variable) {
        const std::string_view inherited(*variable);
        if (!options.environment.contains(std::string(inherited.substr(0, inherited.find('=')))))
            text_.emplace_back(inherited);
    }
    for (const auto& [name, value] : options.environment)
        text_.push_back(fmt::format("{}={}", name, value));

    for (std::size_t i = 0; i < text_.size(); ++i)
        (i < argument_count ? arguments_ : environment_).push_back(text_[i].data());
    arguments_.push_back(nullptr);
    environment_.push_back(nullptr);
}

void exec_plan::run() const noexcept {
    // Copies above 2 first, so that no assignment to 0, 1 or 2 can overwrite a descriptor still needed (a harness
    // started with standard streams closed gets those numbers for its own pipes).
    const int report = ::fcntl(failure_report_, F_DUPFD_CLOEXEC, 3);
    const auto give_up = [report](step at) {
        const failure what{at, errno};
        [[maybe_unused]] const auto written = ::write(report, &what, sizeof what);
    };

    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return give_up(die_with_parent);
    if (::getppid() != parent_as_seen_) return;  // it died before the line above took effect
    if (::setsid() < 0) return give_up(new_session);
    if (network_ >= 0 && ::setns(network_, CLONE_NEWNET) < 0) return give_up(enter_network);
    if (own_proc_) {
        if (::unshare(CLONE_NEWNS) < 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0)
            return give_up(private_mounts);
        if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) < 0) return give_up(mount_proc);
        if (scratch_ >= 0 &&
            (::move_mount(scratch_, "", AT_FDCWD, scratch_path_.c_str(), MOVE_MOUNT_F_EMPTY_PATH) < 0 ||
             ::chdir(scratch_path_.c_str()) < 0))
            return give_up(mount_scratch);
    }
    std::array<int, 3> sources = streams_;
    for (int& source : sources)
        if (source >= 0 && (source = ::fcntl(source, F_DUPFD_CLOEXEC, 3)) < 0) return give_up(set_streams);
    for (int target = 0; target < 3; ++target) {
        const int source = sources[static_cast<std::size_t>(target)];
        if (source >= 0 && ::dup2(source, target) < 0) return give_up(set_streams);
    }
    // Ours are close-on-exec from birth; this is for those of libraries.
    if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0) return give_up(mark_descriptors);
    ::execve(arguments_.front(), arguments_.data(), environment_.data());
    give_up(execute);
}

std::string exec_plan::describe(const failure& what, const std::string& program) {
    return fmt::format("start {}: {}", program, step_names.at(static_cast<std::size_t>(what.step)));
}

}  // namespace firstfin::sandbox::detail

#include "harness/bench/watch/process_cpu.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sandbox/system_call.hpp"

namespace firstfin::bench {

namespace {

duration of_ticks(std::uint64_t ticks) {
    static const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    return std::chrono::nanoseconds(ticks * (1'000'000'000 / per_second));
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number out{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    return failed == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

/// /proc/PID/stat as its fields from the third on, counted as in proc(5): the second is a name with anything in it.
class stat_line {
public:
    explicit stat_line(pid_t pid) {
        const auto path = "/proc/" + std::to_string(pid) + "/stat";
        const sandbox::unique_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        std::array<char, 1024> text{};
        const auto size = file ? ::read(file.get(), text.data(), text.size()) : -1;
        if (size <= 0) return;
        std::string_view left(text.data(), static_cast<std::size_t>(size));
        const auto name_end = left.rfind(')');
        if (name_end == left.npos) return;
        left.remove_prefix(name_end + 1);
        for (std::size_t field = first_field; field < fields_.size(); ++field) {
            const auto begin = left.find_first_not_of(" \n");
            if (begin == left.npos) return;
            left.remove_prefix(begin);
            const auto end = std::min(left.find_first_of(" \n"), left.size());
            fields_[field] = number_in<std::int64_t>(left.substr(0, end)).value_or(0);
            left.remove_prefix(end);
        }
        whole_ = true;
    }
    /// False: there is no such process any more.
    [[nodiscard]] explicit operator bool() const { return whole_; }
    [[nodiscard]] pid_t parent() const { return static_cast<pid_t>(fields_[4]); }
    [[nodiscard]] duration own() const { return ticks(14) + ticks(15); }
    [[nodiscard]] duration waited_for() const { return ticks(16) + ticks(17); }
    [[nodiscard]] std::uint64_t started() const { return static_cast<std::uint64_t>(fields_[22]); }

private:
    static constexpr std::size_t first_field = 3;
    [[nodiscard]] duration ticks(std::size_t field) const {
        return of_ticks(static_cast<std::uint64_t>(fields_[field]));
    }

    std::array<std::int64_t, 23> fields_{};
    bool whole_ = false;
};

std::optional<duration> cpu_clock(pid_t pid) {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return std::nullopt;
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

std::vector<pid_t> every_process() {
    struct closer {
        void operator()(DIR* folder) const { ::closedir(folder); }
    };
    const std::unique_ptr<DIR, closer> folder(::opendir("/proc"));
    if (!folder) sandbox::fail("list /proc", errno);
    std::vector<pid_t> out;
    while (const auto* entry = ::readdir(folder.get()))
        if (const auto pid = number_in<pid_t>(entry->d_name)) out.push_back(*pid);
    return out;
}

}  // namespace

process_cpu::process_cpu(pid_t root) : root_(root) {
    const stat_line first(root);
    if (!first) sandbox::fail("read the CPU time of process " + std::to_string(root), ESRCH);
    known_[root].started = first.started();
    (void)used();
}

/// The root, what descends from it, and what did so when last looked: orphans go on working under another parent.
process_cpu::processes process_cpu::look() const {
    processes all;
    for (const auto pid : every_process()) {
        const stat_line line(pid);
        if (!line) continue;
        all[pid] = {.parent = line.parent(),
                    .started = line.started(),
                    .own = cpu_clock(pid).value_or(line.own()),
                    .waited_for = line.waited_for()};
    }
    processes ours;
    const auto belongs = [&](pid_t pid, const process& one) {
        const auto before = known_.find(pid);
        return (before != known_.end() && before->second.started == one.started) || ours.contains(one.parent);
    };
    // Once for every generation: a child's id may be smaller than its parent's.
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto& [pid, one] : all)
            if (!ours.contains(pid) && belongs(pid, one)) grew = ours.emplace(pid, one).second || grew;
    }
    return ours;
}

/// Every process that has gone must have left its time with its parent, or with the next one up that is still there.
bool process_cpu::is_accounted_for(const processes& now) const {
    const auto is_there = [&now](pid_t pid, const process& one) {
        const auto found = now.find(pid);
        return found != now.end() && found->second.started == one.started;
    };
    std::map<pid_t, duration> owed;
    for (const auto& [pid, gone] : known_) {
        if (is_there(pid, gone)) continue;
        auto heir = gone.parent;
        for (auto at = known_.find(heir); at != known_.end() && !is_there(heir, at->second); at = known_.find(heir))
            heir = at->second.parent;
        const auto left_to = known_.find(heir);
        if (left_to == known_.end()) return false;
        owed[heir] += gone.own + gone.waited_for;
    }
    const auto tick = of_ticks(1);
    for (const auto& [heir, time] : owed)
        if (now.at(heir).waited_for - known_.at(heir).waited_for + 2 * tick < time) return false;
    return true;
}

std::optional<duration> process_cpu::used() {
    if (lost_) return std::nullopt;
    auto now = look();
    const auto root = now.find(root_);
    if (root == now.end() || root->second.started != known_.at(root_).started || !is_accounted_for(now)) {
        lost_ = true;
        return std::nullopt;
    }
    known_ = std::move(now);
    duration sum{};
    for (const auto& [pid, one] : known_)
        sum += one.own + one.waited_for;
    return sum;
}

}  // namespace firstfin::bench

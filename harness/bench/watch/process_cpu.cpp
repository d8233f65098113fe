#include "harness/bench/watch/process_cpu.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace firstfin::bench {

namespace {

namespace fs = std::filesystem;

}  // namespace

std::optional<duration> cpu_of_tree(pid_t root) {
    duration sum{};
    bool any = false;
    std::vector<pid_t> left{root};
    while (!left.empty()) {
        const auto process = left.back();
        left.pop_back();
        std::error_code gone;
        for (fs::directory_iterator thread(fmt::format("/proc/{}/task", process), gone), end; !gone && thread != end;
             thread.increment(gone)) {
            std::int64_t ran = 0;
            if (std::ifstream(thread->path() / "schedstat") >> ran) {
                sum += duration(ran);
                any = true;
            }
            std::ifstream children(thread->path() / "children");
            for (pid_t child = 0; children >> child;)
                left.push_back(child);
        }
    }
    return any ? std::optional(sum) : std::nullopt;
}

}  // namespace firstfin::bench

#include "harness/witness/sock_diag_counters.hpp"

#include <fcntl.h>

#include <array>
#include <sstream>

namespace firstfin::witness {

namespace {

constexpr std::string_view overflow_name = "TCPTimeWaitOverflow";

sandbox::unique_fd open_counters(const sandbox::network_namespace& inside, std::string_view file) {
    const sandbox::netns_scope scope(inside);
    const auto path = std::string("/proc/thread-self/net/").append(file);
    return sandbox::unique_fd(sandbox::check("open", path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC)));
}

std::string read_again(int file) {
    std::string text;
    std::array<char, 16384> piece;
    for (;;) {
        const auto size = sandbox::check("read the counters in /proc/net",
                                         ::pread(file, piece.data(), piece.size(), static_cast<off_t>(text.size())));
        if (size == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(size));
    }
}

}  // namespace

counter_group::counter_group(const sandbox::network_namespace& inside, std::string_view file, std::string_view group)
    : group_(std::string(group) + ':'), file_(open_counters(inside, file)) {}

std::map<std::string, std::uint64_t, std::less<>> counter_group::all() const {
    // Pairs of lines, "TcpExt: name name ..." above "TcpExt: number number ...".
    std::map<std::string, std::uint64_t, std::less<>> counters;
    std::istringstream text(read_again(file_.get()));
    for (std::string names, numbers; std::getline(text, names) && std::getline(text, numbers);) {
        if (!names.starts_with(group_)) continue;
        std::istringstream name_words(names);
        std::istringstream number_words(numbers);
        std::string name;
        std::string number;
        while (name_words >> name && number_words >> number)
            if (name != group_) counters[name] = std::stoull(number);
    }
    return counters;
}

std::uint64_t counter_group::value(std::string_view name) const {
    const auto counters = all();
    const auto found = counters.find(name);
    if (found == counters.end()) sandbox::fail("read the counter " + group_ + std::string(name), ENOENT);
    return found->second;
}

overflow_counter::overflow_counter(const sandbox::network_namespace& inside)
    : counters_(inside), before_(counters_.value(overflow_name)) {}

std::uint64_t overflow_counter::lost() const {
    return counters_.value(overflow_name) - before_;
}

}  // namespace firstfin::witness

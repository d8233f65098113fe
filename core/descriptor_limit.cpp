#include "core/descriptor_limit.hpp"

#include <sys/resource.h>

namespace firstfin {

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    const auto before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

std::uint64_t descriptor_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 1024;
}

bool set_descriptor_limit(std::uint64_t most) {
    const rlimit limit{most, most};
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

}  // namespace firstfin

#include "server/nginx_conf/file_access.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fnmatch.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace firstfin::nginx_conf {

namespace {

parse_error failed(std::string_view call, const std::string& path, int number) {
    return parse_error(fmt::format("{} \"{}\" failed ({}: {})", call, path, number, std::strerror(number)));
}

// A text could be taken for an error's: say which it is.
result<std::string> contents(std::string text) {
    return result<std::string>(boost::system::in_place_value, std::move(text));
}

struct open_file {
    explicit open_file(const std::string& path) : number(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~open_file() {
        if (number >= 0) ::close(number);
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    int number;
};

result<std::string> read_from_disk(const std::string& path) {
    const open_file file(path);
    if (file.number < 0) return failed("open()", path, errno);
    struct stat facts {};
    if (::fstat(file.number, &facts) != 0) return failed("fstat()", path, errno);
    if (S_ISDIR(facts.st_mode)) return failed("pread()", path, EISDIR);
    // Like nginx: as much as the size says, so pipes and devices are empty files.
    std::string text(S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) : 0, '\0');
    std::size_t have = 0;
    while (have < text.size()) {
        const auto got = ::read(file.number, text.data() + have, text.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("read()", path, errno);
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    text.resize(have);
    return contents(std::move(text));
}

std::vector<std::string> match_on_disk(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> out;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) out.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    std::ranges::sort(out);  // glob(3) sorts by the locale
    return out;
}

}  // namespace

file_access files_on_disk() {
    return {read_from_disk, match_on_disk};
}

file_access files_in_memory(std::map<std::string, std::string> texts) {
    return {[texts](const std::string& path) -> result<std::string> {
                const auto found = texts.find(path);
                if (found == texts.end()) return failed("open()", path, ENOENT);
                return contents(found->second);
            },
            [texts](const std::string& pattern) {
                std::vector<std::string> out;
                for (const auto& [path, text] : texts)
                    if (::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) out.push_back(path);
                return out;
            }};
}

}  // namespace firstfin::nginx_conf

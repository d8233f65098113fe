#include "server/nginx/answers/access_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace firstfin::nginx {

namespace {

using nginx_conf::log_escape;

constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_plain(unsigned char one) {
    return one >= 0x20 && one < 0x7f && one != '"' && one != '\\';
}

void append_coded(std::string& out, unsigned char one) {
    out.append({'\\', 'x', hex_digits[one >> 4U], hex_digits[one & 0xfU]});
}

void append_json(std::string& out, unsigned char one) {
    switch (one) {
        case '"':
        case '\\':
            out.append({'\\', static_cast<char>(one)});
            return;
        case '\n':
            out.append("\\n");
            return;
        case '\r':
            out.append("\\r");
            return;
        case '\t':
            out.append("\\t");
            return;
        case '\b':
            out.append("\\b");
            return;
        case '\f':
            out.append("\\f");
            return;
        default:
            if (one < 0x20)
                out.append({'\\', 'u', '0', '0', static_cast<char>('0' + (one >> 4U)), hex_digits[one & 0xfU]});
            else
                out.push_back(static_cast<char>(one));
    }
}

}  // namespace

log_file::log_file(std::string path) : path_(std::move(path)), fd_(open_now()) {
    if (fd_ < 0)
        throw environment_lacks(fmt::format("open() \"{}\" failed ({}: {})", path_, errno, std::strerror(errno)));
}

log_file::~log_file() {
    if (fd_ >= 0) ::close(fd_);
}

int log_file::open_now() const {
    return ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

void log_file::reopen(uid_t owner) {
    const int fresh = open_now();
    if (fresh < 0) return;
    std::ignore = ::fchown(fresh, owner, static_cast<gid_t>(-1));
    ::close(std::exchange(fd_, fresh));
}

void log_file::write(std::string_view line) const {
    // A full disk loses lines, as it does nginx's.
    [[maybe_unused]] const auto written = ::write(fd_, line.data(), line.size());
}

void append_escaped(std::string& out, std::string_view value, log_escape how) {
    switch (how) {
        case log_escape::none:
            out.append(value);
            return;
        case log_escape::json:
            for (const char one : value)
                append_json(out, static_cast<unsigned char>(one));
            return;
        case log_escape::standard:
            for (;;) {
                const auto odd =
                    std::ranges::find_if_not(value, [](char one) { return is_plain(static_cast<unsigned char>(one)); });
                const auto plain = static_cast<std::size_t>(odd - value.begin());
                out.append(value.substr(0, plain));
                if (plain == value.size()) return;
                append_coded(out, static_cast<unsigned char>(value[plain]));
                value.remove_prefix(plain + 1);
            }
    }
}

std::string access_log::line(const moment& at) const {
    std::string out = format_.constant();
    std::string value;
    for (const auto& part : format_.parts()) {
        value.clear();
        if (part.value.append(value, at))
            append_escaped(out, value, escape_);
        else if (escape_ == log_escape::standard)
            out.push_back('-');
        out.append(part.behind);
    }
    return out;
}

void access_log::write(const moment& at) const {
    if (condition_) {
        std::string scratch;
        const auto value = condition_->value(scratch, at);
        if (value.empty() || value == "0") return;
    }
    auto text = line(at);
    text.push_back('\n');
    file_.write(text);
}

}  // namespace firstfin::nginx

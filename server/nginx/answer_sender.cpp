#include "server/nginx/answer_sender.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "server/nginx/answers/open_file.hpp"

namespace firstfin::nginx {

namespace {
constexpr std::int64_t most_at_once = std::int64_t{2} << 20U;  // sendfile_max_chunk's default
}

void answer_sender::begin(std::time_t request_began) {
    *this = {};
    began_ = request_began;
}

answer_sender::outcome answer_sender::send(int fd, const answer& what, std::time_t now) {
    if (what.rate <= 0) return send_up_to(fd, what, most_at_once);
    const auto allowed = what.rate * (now - began_ + 1) - sent_;
    if (allowed <= 0) {
        delay_ms_ = -allowed * 1000 / what.rate + 1;
        return outcome::delayed;
    }
    const auto before = sent_;
    const auto out = send_up_to(fd, what, std::min(allowed, most_at_once));
    delay_ms_ = (sent_ - before) * 1000 / what.rate;
    return out == outcome::paused && delay_ms_ > 0 ? outcome::delayed : out;
}

answer_sender::outcome answer_sender::send_up_to(int fd, const answer& what, std::int64_t limit) {
    const auto end = sent_ + limit;
    for (; index_ <= what.rest.size(); ++index_, offset_ = 0) {
        const auto* part = index_ == 0 ? nullptr : &what.rest[index_ - 1];
        const bool from_file = part != nullptr && part->file != nullptr;
        const std::string_view text = part == nullptr ? std::string_view(what.bytes) : std::string_view(part->text);
        const auto size = from_file ? part->size : static_cast<std::int64_t>(text.size());
        while (offset_ < size) {
            if (sent_ >= end) return outcome::paused;
            const auto now = from_file ? send_file(fd, *part, end - sent_)
                                       : send_text(fd, text, end - sent_, index_ < what.rest.size());
            if (now == step::blocked) return outcome::blocked;
            if (now == step::failed) return outcome::failed;
        }
    }
    return outcome::done;
}

answer_sender::step answer_sender::send_text(int fd, std::string_view text, std::int64_t limit, bool more_follows) {
    const auto size = std::min(limit, static_cast<std::int64_t>(text.size()) - offset_);
    // nginx gathers what it has into one writev; a file comes in by the same system call after its header here.
    // Not when the limit comes first: the kernel would hold those bytes back for 200 ms.
    const bool joins = more_follows && offset_ + size == static_cast<std::int64_t>(text.size()) && size < limit;
    const int flags = MSG_NOSIGNAL | (joins ? MSG_MORE : 0);
    ssize_t count = 0;
    do {
        count = ::send(fd, text.data() + offset_, static_cast<std::size_t>(size), flags);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return errno == EAGAIN ? step::blocked : step::failed;
    sent_ += count;
    offset_ += count;
    return step::went_on;
}

answer_sender::step answer_sender::send_file(int fd, const piece& from, std::int64_t limit) {
    off_t position = from.begin + offset_;
    const auto size = std::min(limit, from.size - offset_);
    ssize_t count = 0;
    do {
        count = ::sendfile(fd, from.file->fd(), &position, static_cast<std::size_t>(size));
    } while (count < 0 && errno == EINTR);
    if (count < 0) return errno == EAGAIN ? step::blocked : step::failed;
    if (count == 0) return step::failed;  // the file became shorter
    sent_ += count;
    offset_ += count;
    return step::went_on;
}

}  // namespace firstfin::nginx

// Writes a capture of keep-alive traffic for scripts/measure-read: handshakes, requests, responses of 1 to 1.4 KB
// segments, ACKs, idle waits and closes, with thousands of connections under way at any time.
//   make-capture FILE MEGABYTES
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr std::uint8_t fin = 1, syn = 2, psh = 8, ack = 16;
constexpr std::uint16_t server_port = 80;
constexpr std::size_t headers = 14 + 20 + 20;

struct conversation {
    std::uint32_t client_address;
    std::uint16_t client_port;
    std::uint32_t client_seq;
    std::uint32_t server_seq;
    int step = 0;
    int requests_left;
    int segments_left = 0;
    bool server_first;
};

void put_16(std::uint8_t* at, unsigned value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}
void put_32(std::uint8_t* at, std::uint32_t value) {
    put_16(at, value >> 16);
    put_16(at + 2, value & 0xffff);
}

class writer {
public:
    explicit writer(const char* file) : out_(std::fopen(file, "wb")) {
        if (out_ == nullptr) {
            std::perror(file);
            std::exit(2);
        }
        std::setvbuf(out_, nullptr, _IOFBF, 1 << 20);
        // nanoseconds, version 2.4, 256 KB, Ethernet
        const std::uint32_t header[6] = {0xa1b23c4d, 0x00040002, 0, 0, 262144, 1};
        std::fwrite(header, sizeof header, 1, out_);
        written_ = sizeof header;
        frame_[0] = 2;
        frame_[6] = 2;
        put_16(&frame_[12], 0x0800);
        frame_[14] = 0x45;
        frame_[20] = 0x40;
        frame_[22] = 64;
        frame_[23] = 6;
        frame_[46] = 0x50;
        put_16(&frame_[48], 502);
    }
    ~writer() { std::fclose(out_); }

    void segment(std::uint64_t at_ns, conversation& one, bool from_server, std::uint8_t flags,
                 const std::string& payload) {
        constexpr std::uint32_t server_address = 0x0a400001;
        auto& own = from_server ? one.server_seq : one.client_seq;
        const auto peer = from_server ? one.client_seq : one.server_seq;
        put_16(&frame_[16], static_cast<unsigned>(40 + payload.size()));
        put_32(&frame_[26], from_server ? server_address : one.client_address);
        put_32(&frame_[30], from_server ? one.client_address : server_address);
        put_16(&frame_[34], from_server ? server_port : one.client_port);
        put_16(&frame_[36], from_server ? one.client_port : server_port);
        put_32(&frame_[38], own);
        put_32(&frame_[42], (flags & ack) != 0 ? peer : 0);
        frame_[47] = flags;
        std::memcpy(&frame_[headers], payload.data(), payload.size());
        own += static_cast<std::uint32_t>(payload.size()) + ((flags & (syn | fin)) != 0 ? 1 : 0);
        const auto size = static_cast<std::uint32_t>(headers + payload.size());
        const std::uint32_t record[4] = {static_cast<std::uint32_t>(1'700'000'000 + at_ns / 1'000'000'000),
                                         static_cast<std::uint32_t>(at_ns % 1'000'000'000), size, size};
        std::fwrite(record, sizeof record, 1, out_);
        std::fwrite(frame_.data(), size, 1, out_);
        written_ += sizeof record + size;
    }
    [[nodiscard]] std::uint64_t written() const { return written_; }

private:
    std::FILE* out_;
    std::uint64_t written_;
    std::array<std::uint8_t, 2048> frame_{};
};

struct event {
    std::uint64_t at;
    std::size_t who;
    friend bool operator<(const event& left, const event& right) { return left.at > right.at; }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fputs("usage: make-capture FILE MEGABYTES\n", stderr), 2;
    const auto wanted = std::strtoull(argv[2], nullptr, 10) * 1'000'000;
    std::mt19937 random(1);
    writer out(argv[1]);
    std::vector<conversation> all;
    std::vector<std::size_t> free;
    std::priority_queue<event> due;
    const std::string request =
        "GET /item HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: measure/1.0\r\nAccept: */*\r\nCookie: " +
        std::string(200, 'c') + "\r\n\r\n";
    const std::string first = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3000\r\n\r\n";
    std::uint64_t next_arrival = 0;
    std::uint32_t arrived = 0;
    constexpr std::uint64_t ms = 1'000'000;
    for (;;) {
        const bool arrives = out.written() < wanted && (due.empty() || next_arrival <= due.top().at);
        if (!arrives && due.empty()) break;
        if (arrives) {
            // Ports and addresses come back after a while, as they do.
            const auto number = arrived++ % 50'000;
            conversation one{0x0a410000U + number / 1000,
                             static_cast<std::uint16_t>(32768 + number % 1000),
                             static_cast<std::uint32_t>(random()),
                             static_cast<std::uint32_t>(random()),
                             0,
                             static_cast<int>(1 + random() % 3),
                             0,
                             random() % 50 != 0};
            const auto place = free.empty() ? all.size() : free.back();
            if (free.empty())
                all.push_back(one);
            else
                all[place] = one, free.pop_back();
            due.push({next_arrival, place});
            next_arrival += random() % (2 * ms);
            continue;
        }
        const auto [at, who] = due.top();
        due.pop();
        auto& one = all[who];
        std::uint64_t pause = random() % ms + ms / 10;
        switch (one.step++) {
            case 0:
                out.segment(at, one, false, syn, "");
                break;
            case 1:
                out.segment(at, one, true, syn | ack, "");
                break;
            case 2:
                out.segment(at, one, false, ack, "");
                break;
            case 3:
                out.segment(at, one, false, psh | ack, request);
                one.segments_left = 1 + static_cast<int>(random() % 3);
                break;
            case 4:
                out.segment(at, one, true, ack, first + std::string(1000 + random() % 300, 'x'));
                break;
            case 5:
                out.segment(at, one, true, psh | ack, std::string(1000 + random() % 400, 'y'));
                if (--one.segments_left > 0) one.step = 5;
                break;
            case 6:
                out.segment(at, one, false, ack, "");
                if (--one.requests_left > 0) {
                    one.step = 3;
                    pause = random() % (2000 * ms);
                } else {
                    pause = (one.server_first ? 15'000 : 5'000) * ms + random() % (20 * ms);
                }
                break;
            case 7:
                out.segment(at, one, one.server_first, fin | ack, "");
                break;
            case 8:
                out.segment(at, one, !one.server_first, fin | ack, "");
                break;
            default:
                out.segment(at, one, one.server_first, ack, "");
                free.push_back(who);
                continue;
        }
        due.push({at + pause, who});
    }
    std::fprintf(stderr, "%u connections, %.0f MB\n", arrived, static_cast<double>(out.written()) / 1e6);
}

#include "client/role.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "client/session.hpp"
#include "core/event_writer.hpp"

namespace firstfin::client {

namespace {

std::string read_to_end(int descriptor) {
    std::string out;
    std::array<char, 65536> part;
    for (;;) {
        const auto bytes = ::read(descriptor, part.data(), part.size());
        if (bytes == 0) return out;
        if (bytes > 0)
            out.append(part.data(), static_cast<std::size_t>(bytes));
        else if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "reading the order from standard input");
    }
}

role::event event_now(role::event_kind kind) {
    role::event out;
    out.kind = kind;
    out.at = steady::now();
    return out;
}

}  // namespace

int play_role() {
    auto order = role::parse_client_order(read_to_end(STDIN_FILENO)).value();
    boost::asio::io_context loop{1};
    role::event_writer events(loop, STDOUT_FILENO);
    const auto tell = [&](const role::event& said) { events.write(said); };
    trial_runner runner(loop, std::move(order), {}, tell);
    const auto ready = event_now(role::event_kind::ready);
    tell(ready);
    const auto how = run_session(loop, runner, ready.at, [&] { tell(event_now(role::event_kind::done)); });
    return how == session_end::reader_gone ? 4 : 0;
}

}  // namespace firstfin::client

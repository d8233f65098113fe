#include "harness/bench/run/load_process.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace firstfin::bench {

load_process::load_process(boost::asio::io_context& loop, sandbox::child_process child, const load::order& what,
                           handlers told)
    : child_(std::move(child)), out_(loop, child_.stdout_fd().release()), told_(std::move(told)) {
    const auto text = to_json(what);
    if (::write(child_.stdin_fd().get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        fault_ = "it did not take its order";
    child_.close_stdin();
    read();
}

void load_process::read() {
    out_.async_read_some(boost::asio::buffer(buffer_),
                         [this](const boost::system::error_code& ended, std::size_t bytes) {
                             if (ended == boost::asio::error::operation_aborted) return;
                             if (ended) return told_.on_end();
                             lines_.feed({buffer_.data(), bytes}, [this](std::string_view line) { take(line); });
                             read();
                         });
}

void load_process::take(std::string_view line) {
    if (!std::exchange(has_phase_, true)) {
        if (const auto phase = load::parse_phase(line))
            told_.on_phase(*phase);
        else
            fault_ = phase.error().message;
    } else if (auto report = load::parse_report(line)) {
        report_ = *std::move(report);
    } else {
        fault_ = report.error().message;
    }
}

std::string load_process::complaint() {
    std::array<char, 1000> said{};
    const auto bytes = ::read(child_.stderr_fd().get(), said.data(), said.size());
    std::string words(said.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    while (words.ends_with('\n'))
        words.pop_back();
    const auto status = child_.wait_for(std::chrono::seconds(5));
    return fmt::format("the load side ended: {}{}{}{}", status ? to_text(*status) : "closed its output but runs on",
                       fault_.empty() ? "" : " (" + fault_ + ")", words.empty() ? "" : ": ", words);
}

}  // namespace firstfin::bench

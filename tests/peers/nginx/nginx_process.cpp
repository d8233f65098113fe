#include "tests/peers/nginx/nginx_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {

namespace {

using namespace std::chrono_literals;

std::string text_of_file(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

/// Everything it writes stays in its own folder (the prefix). One worker, so that the connections of a case share one.
std::string configuration(const conformance_case& about) {
    return fmt::format(
        "worker_processes 1;\n"
        "pid nginx.pid;\n"
        "error_log error.log info;\n"
        "{}\n"
        "events {{\n{}\n}}\n"
        "http {{\n"
        "access_log off;\n"
        "client_body_temp_path body_temp;\nproxy_temp_path proxy_temp;\nfastcgi_temp_path fastcgi_temp;\n"
        "uwsgi_temp_path uwsgi_temp;\nscgi_temp_path scgi_temp;\n"
        "root html;\n"
        "{}\n"
        "}}\n",
        about.main, about.events, about.http);
}

std::array<int, 3> numbers_of(const std::string& version) {
    std::array<int, 3> out{};
    std::istringstream in(version);
    char dot = 0;
    in >> out[0] >> dot >> out[1] >> dot >> out[2];
    return out;
}

/// A request of its own, to its end; false when nobody listens yet.
bool is_served(const sandbox::stage_network& network, std::uint16_t port) {
    constexpr auto family = sandbox::ip_family::v4;
    sandbox::unique_fd fd;
    try {
        fd = connect_in(network.client_ns(), network.client_address(family),
                        endpoint(network.server_address(family), port));
    } catch (const boost::system::system_error& error) {
        if (error.code() == boost::system::errc::connection_refused) return false;
        throw;
    }
    const std::string request = "GET /ready HTTP/1.1\r\nHost: ready\r\nConnection: close\r\n\r\n";
    if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return false;
    std::ignore = read_to_end(fd.get());
    return true;
}

/// What it prints on standard error.
std::string answer_of(const std::string& program, const std::string& option) {
    auto asked = sandbox::child_process::start({.program = program,
                                                .arguments = {option},
                                                .standard_output = sandbox::stream::devnull,
                                                .standard_error = sandbox::stream::pipe});
    auto text = read_to_end(asked.stderr_fd().get());
    asked.wait();
    return text;
}

}  // namespace

std::string program_under_test() {
    const char* chosen = std::getenv("FIRSTFIN_NGINX");
    const std::string program = chosen && *chosen ? chosen : "/usr/sbin/nginx";
    if (::access(program.c_str(), X_OK) != 0)
        throw std::runtime_error(
            fmt::format("{} cannot be run: install nginx-light, or name a program in FIRSTFIN_NGINX", program));
    return program;
}

std::string version_of(const std::string& program) {
    const auto text = answer_of(program, "-v");
    const auto slash = text.find('/');
    if (slash == text.npos) throw std::runtime_error(fmt::format("{} -v tells no version: {}", program, text));
    return text.substr(slash + 1, text.find_first_not_of("0123456789.", slash + 1) - slash - 1);
}

bool can_proxy(const std::string& program) {
    return answer_of(program, "-V").find("--without-http_proxy_module") == std::string::npos;
}

bool is_before(const std::string& version, const std::string& other) {
    return numbers_of(version) < numbers_of(other);
}

nginx_process::nginx_process(const conformance_case& about, const sandbox::stage_network& network) {
    write_files(about);
    const auto program = program_under_test();
    // Workers stay who we are: the folder is nobody else's.
    master_ = sandbox::child_process::start(
        {.program = program,
         .arguments = {"-p", folder_.path().string() + "/", "-c", (folder_.path() / "nginx.conf").string(), "-g",
                       "daemon off; user root;"},
         .network = &network.server_ns(),
         .processes = &processes_,
         .standard_error = sandbox::stream::pipe});
    await_readiness(network, about.plays.front().port);
}

nginx_process::~nginx_process() {
    master_->signal(SIGKILL);
    master_->wait();
}

std::string nginx_process::error_log() const {
    return text_of_file(folder_.path() / "error.log");
}

void nginx_process::write_files(const conformance_case& about) const {
    const auto html = folder_.path() / "html";
    std::filesystem::create_directory(html);
    std::ofstream(folder_.path() / "nginx.conf") << configuration(about);
    std::ofstream(html / "index.html") << "an index\n";
    std::ofstream(html / "file") << "a file\n";
    std::ofstream(html / "page.shtml") << "<!--#echo var=\"request_method\" -->\n";
    std::ofstream(html / "paced") << std::string(1500, 'p');
    std::ofstream(html / "big");
    std::filesystem::resize_file(html / "big", 40U << 20U);  // more than both kernels' buffers take; no blocks on disk
}

void nginx_process::await_readiness(const sandbox::stage_network& network, std::uint16_t port) {
    const bool served = eventually([&] {
        if (master_->try_wait())
            throw std::runtime_error(
                fmt::format("{} ended: {}", program_under_test(), read_to_end(master_->stderr_fd().get())));
        return is_served(network, port);
    });
    if (!served) throw std::runtime_error(program_under_test() + " does not listen");
}

slow_upstream::slow_upstream(const sandbox::stage_network& network, double seconds)
    : listener_(bound_socket(network.server_ns(), endpoint(boost::asio::ip::address_v4::loopback(), 9000))) {
    sandbox::check("listen", ::listen(listener_.get(), 64));
    thread_ = std::jthread([this, seconds](const std::stop_token& stop) {
        struct waiting {
            sandbox::unique_fd fd;
            time_point due;
        };
        std::vector<waiting> all;
        while (!stop.stop_requested()) {
            pollfd listening{listener_.get(), POLLIN, 0};
            if (::poll(&listening, 1, 10) == 1)
                all.push_back({accept_one(listener_.get()), steady::now() + scaled(1s, seconds)});
            std::erase_if(all, [](const waiting& one) {
                if (steady::now() < one.due) return false;
                char request[4096];
                std::ignore = ::recv(one.fd.get(), request, sizeof request, MSG_DONTWAIT);
                const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nslow\n";
                std::ignore = ::send(one.fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
                return true;
            });
        }
    });
}

}  // namespace firstfin::testing

#include "tests/peers/nginx_requests/running_nginx.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

namespace firstfin::test {

namespace {

constexpr auto program = "nginx";
constexpr int patience_ms = 20'000;

constexpr std::string_view frame = R"(daemon off;
master_process off;
pid pid;
error_log error.log info;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    lingering_timeout 100ms;  # it may have noticed our end too early to notice it again
{}}}
)";

}  // namespace

std::string nginx_version() {
    const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen("nginx -v 2>&1", "r"), ::pclose);
    std::array<char, 256> line{};
    if (!output || ::fgets(line.data(), static_cast<int>(line.size()), output.get()) == nullptr) return {};
    const std::string_view text(line.data());
    const auto at = text.find("nginx/");
    if (at == std::string_view::npos) return {};
    const auto number = text.substr(at + 6);
    return std::string(number.substr(0, number.find_first_not_of("0123456789.")));
}

bool accepts_directive(std::string_view directive) {
    const temporary_folder folder;
    std::ofstream(folder.path() / "nginx.conf") << fmt::format(frame, directive);
    const auto line = fmt::format("nginx -t -q -p {} -e error.log -c nginx.conf 2>/dev/null", folder.path().string());
    return std::system(line.c_str()) == 0;
}

running_nginx::running_nginx(std::string_view servers) {
    const auto folder = folder_.path().string();
    std::ofstream(folder_.path() / "nginx.conf") << fmt::format(frame, servers);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const auto log = ::open((folder + "/start.log").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        ::dup2(log, STDERR_FILENO);
        if (::chdir(folder.c_str()) != 0) ::_exit(126);  // "unix:NAME" is relative to it, not to -p
        ::execlp(program, program, "-p", folder.c_str(), "-e", "error.log", "-c", "nginx.conf", nullptr);
        ::_exit(127);
    }
}

running_nginx::~running_nginx() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

int running_nginx::connect(const std::string& socket) const {
    ::sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = (folder_.path() / socket).string();
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the temporary folder's name is too long");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    for (;;) {
        const auto handle = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(handle, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0) return handle;
        ::close(handle);
        if (std::chrono::steady_clock::now() > end || ::waitpid(pid_, nullptr, WNOHANG) != 0) {
            std::ifstream log(folder_.path() / "start.log");
            throw std::runtime_error("nginx does not listen: " + std::string(std::istreambuf_iterator<char>(log), {}));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // it gives no sign when it listens
    }
}

std::string running_nginx::exchange(const std::string& socket, std::string_view bytes) const {
    const auto handle = connect(socket);
    std::string received;
    std::array<char, 65536> block;
    // It may refuse, answer and close before it has read everything.
    while (!bytes.empty()) {
        const auto sent = ::send(handle, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(handle, SHUT_WR);
    for (;;) {
        ::pollfd readable{handle, POLLIN, 0};
        if (::poll(&readable, 1, patience_ms) <= 0) {
            ::close(handle);
            throw std::runtime_error("nginx keeps the connection after its other end has gone");
        }
        const auto count = ::recv(handle, block.data(), block.size(), 0);
        if (count <= 0) break;
        received.append(block.data(), static_cast<std::size_t>(count));
    }
    ::close(handle);
    return received;
}

}  // namespace firstfin::test

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <thread>

#include "core/endpoint.hpp"
#include "harness/sandbox/system_call.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/registry.hpp"
#include "tests/harness/subjects/written.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_folder.hpp"

// Each adapter's real program: it listens, keeps a connection, and ends it when it was told to.

namespace firstfin::test {
namespace {

using namespace std::chrono_literals;
using subjects::server_subject;

constexpr auto patience = 20s;
/// A busy machine's delay of an idle limit's end, beside the program's own lateness.
constexpr auto busy = 1500ms;

/// A program in a process group of its own, ended with all it forked.
class started {
public:
    started(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
        std::vector<char*> words;
        for (const auto& word : command)
            words.push_back(const_cast<char*>(word.c_str()));
        words.push_back(nullptr);
        pid_ = sandbox::check("fork", ::fork());
        if (pid_ != 0) return;
        ::setpgid(0, 0);
        for (const auto& [name, value] : environment)
            ::setenv(name.c_str(), value.c_str(), 1);
        ::execv(words.front(), words.data());
        ::_exit(127);
    }
    ~started() {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    started(const started&) = delete;
    started& operator=(const started&) = delete;

    [[nodiscard]] bool is_over() const {
        siginfo_t ended{};  // left to be reaped: its number must stay its own
        return ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0;
    }

private:
    pid_t pid_ = -1;
};

class http_connection {
public:
    /// Tries until the port accepts.
    http_connection(const started& server, std::uint16_t port) {
        const endpoint to(boost::asio::ip::address_v4::loopback(), port);
        const auto give_up = steady::now() + patience;
        for (;;) {
            socket_.reset(sandbox::check("open a socket", ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
            if (::connect(socket_.get(), to.data(), static_cast<socklen_t>(to.size())) == 0) return;
            if (server.is_over()) throw std::runtime_error("the program has ended");
            if (steady::now() > give_up) throw std::runtime_error("nobody listens");
            std::this_thread::sleep_for(20ms);
        }
    }

    /// The whole answer to a request, its header in small letters.
    std::string ask(const std::string& method, const std::string& fields = {}) {
        const auto request = method + " /any/path HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + "\r\n";
        sandbox::check("send", ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL));
        std::string said;
        auto whole = [&] {
            const auto end = said.find("\r\n\r\n");
            if (end == said.npos) return false;
            if (method == "HEAD") return true;
            const auto body = std::string_view(said).substr(end + 4);
            const auto length = lower(said.substr(0, end)).find("content-length: ");
            return length == said.npos ? body.ends_with("0\r\n\r\n")
                                       : body.size() >= std::stoul(said.substr(length + 16));
        };
        while (!whole()) {
            const auto piece = read(patience);
            if (!piece || piece->empty()) return "cut short: " + said;
            said += *piece;
        }
        const auto end = said.find("\r\n\r\n");
        return lower(said.substr(0, end)) + said.substr(end);
    }

    /// Bytes; empty: the server closed; nothing: it stayed silent.
    std::optional<std::string> read(std::chrono::milliseconds limit) {
        pollfd wait{socket_.get(), POLLIN, 0};
        if (::poll(&wait, 1, static_cast<int>(limit.count())) <= 0) return std::nullopt;
        std::array<char, 4096> bytes;
        const auto size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        return std::string(bytes.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
    }

private:
    static std::string lower(std::string text) {
        for (auto& c : text)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return text;
    }
    sandbox::unique_fd socket_;
};

/// What a program adds to its limit; to be found in its profile's source.
duration own_lateness(std::string_view id) {
    if (id == "node-http-server") return 1100ms;  // keepAliveTimeoutBuffer
    if (id == "lighttpd") return 2s;              // whole seconds, strictly greater
    if (id == "gunicorn") return 1100ms;          // looks once a second
    return 200ms;
}

struct row {
    std::string_view id;
    friend void PrintTo(const row& of, std::ostream* out) { *out << of.id; }
};

class SubjectServer : public ::testing::TestWithParam<row> {
protected:
    void SetUp() override {
        if (std::string_view(subject().id) == "command") return;
        if (subjects::find_program(subject().comes_from)) return;
        const auto why = std::string(subject().name) + " is missing; " + subjects::remedy(subject().comes_from);
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED") != nullptr) FAIL() << why;
        GTEST_SKIP() << why;
    }

    static const server_subject& subject() { return subjects::find_server(GetParam().id); }

    subjects::server_request request() {
        subjects::server_request out;
        out.folder = folder.path().string();
        out.port = free_port();
        if (subject().id == "command")
            out.options = {
                {"command", "nginx -p {folder} -e stderr -c {config}"},
                {"template",
                 "daemon off; master_process off; user root; pid {folder}/pid; events {} http { access_log off; "
                 "client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path "
                 "{folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5; keepalive_timeout "
                 "{keepalive_timeout}; server { listen {port}; location / { return 200 "
                 "'<link rel=icon href=data:,>'; } } }"}};
        return out;
    }

    void start(const subjects::server_request& what) {
        const auto plan = subject().prepare(what);
        write_scratch(plan, folder.path());
        auto command = plan.arguments;
        command.insert(command.begin(),
                       plan.program.empty() ? *subjects::find_program(subject().comes_from) : plan.program);
        auto environment = plan.environment;
        environment["HOME"] = environment["TMPDIR"] = what.folder;
        server.emplace(command, environment);
    }

    temporary_folder folder;
    std::optional<started> server;
};

TEST_P(SubjectServer, KeepsAConnectionAsLongAsItWasTold) {
    auto what = request();
    constexpr auto limit = 2s;
    what.told = {"keepalive_timeout"};
    what.policy.keepalive_timeout = limit;
    start(what);
    http_connection client(*server, what.port);
    for (const auto* method : {"HEAD", "GET", "GET"}) {
        const auto answer = client.ask(method);
        EXPECT_TRUE(answer.starts_with("http/1.1 200")) << answer;
        EXPECT_EQ(answer.find("connection: close"), answer.npos) << answer;
        EXPECT_EQ(answer.find("<link rel=icon href=data:,>") == answer.npos, method == std::string_view("HEAD"))
            << answer;
        if (subject().id != "command") {
            EXPECT_NE(answer.find("content-type: text/html"), answer.npos) << answer;
        }
    }
    const auto answered = steady::now();
    EXPECT_EQ(client.read(patience), "") << "it should have closed";
    const auto idle = steady::now() - answered;
    EXPECT_GE(idle, limit - 10ms);
    EXPECT_LE(idle, limit + own_lateness(subject().id) + busy);
}

class SubjectServerWithoutLimit : public SubjectServer {};
TEST_P(SubjectServerWithoutLimit, NeverIsLongerThanAnyOtherLimit) {
    auto what = request();
    what.told = {"keepalive_timeout"};
    what.policy.keepalive_timeout = time_limit::never();
    start(what);
    http_connection client(*server, what.port);
    const auto answer = client.ask("GET");
    EXPECT_TRUE(answer.starts_with("http/1.1 200")) << answer;
    EXPECT_EQ(client.read(3s), std::nullopt) << "zero was understood";
}

class SubjectServerCounting : public SubjectServer {};
TEST_P(SubjectServerCounting, EndsAtTheToldNumberOfRequests) {
    auto what = request();
    what.told = {"keepalive_requests"};
    what.policy.keepalive_requests = {3};
    start(what);
    http_connection client(*server, what.port);
    int answered = 0;
    for (bool open = true; open && answered < 10; ++answered)
        open = client.ask("GET").find("connection: close") == std::string::npos;
    // These two count those after the first.
    const bool one_more = subject().id == "apache-httpd" || subject().id == "lighttpd";
    EXPECT_EQ(answered, one_more ? 4 : 3);
    EXPECT_EQ(client.read(patience), "");
}

class SubjectServerHinting : public SubjectServer {};
TEST_P(SubjectServerHinting, GivesTheToldHint) {
    auto what = request();
    what.told = {"keepalive_hint"};
    what.policy.keepalive_hint = 7s;
    start(what);
    http_connection client(*server, what.port);
    const auto answer = client.ask("GET");
    EXPECT_NE(answer.find("keep-alive: timeout=7"), answer.npos) << answer;
}

/// Those that know `setting` themselves.
std::vector<row> that_take(std::string_view setting) {
    std::vector<row> out;
    for (const auto& one : subjects::all_servers())
        if (one.id != "command" && one.takes.contains(setting)) out.push_back({one.id});
    return out;
}
std::vector<row> those_with_a_limit() {
    auto out = that_take("keepalive_timeout");
    out.push_back({"command"});
    return out;
}
std::string named(const ::testing::TestParamInfo<row>& of) {
    std::string name(of.param.id);
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Of, SubjectServer, ::testing::ValuesIn(those_with_a_limit()), named);
INSTANTIATE_TEST_SUITE_P(Of, SubjectServerWithoutLimit,
                         ::testing::Values(row{"haproxy"}, row{"nginx"}, row{"node-http-server"}), named);
INSTANTIATE_TEST_SUITE_P(Of, SubjectServerCounting, ::testing::ValuesIn(that_take("keepalive_requests")), named);
INSTANTIATE_TEST_SUITE_P(Of, SubjectServerHinting, ::testing::ValuesIn(that_take("keepalive_hint")), named);

}  // namespace
}  // namespace firstfin::test

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fstream>

#include "tests/peers/nginx_conf/lookup_rows.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::test {
namespace {

namespace net = boost::asio;

std::string with_folder(std::string text, const std::string& folder) {
    for (auto at = text.find("DIR"); at != std::string::npos; at = text.find("DIR"))
        text.replace(at, 3, folder);
    return text;
}

/// nginx as a daemon. It listens before its first process ends, so there is nothing to wait for.
class nginx_daemon {
public:
    explicit nginx_daemon(const std::string& folder) : folder_(folder) {
        std::ofstream(folder + "/nginx.conf") << with_folder(lookup_configuration, folder);
        started_ = run_program(command({}));
    }
    ~nginx_daemon() {
        if (started_.exit_code == 0) (void)run_program(command({"-s", "stop"}));
    }
    nginx_daemon(const nginx_daemon&) = delete;
    nginx_daemon& operator=(const nginx_daemon&) = delete;

    [[nodiscard]] const program_output& started() const { return started_; }

    [[nodiscard]] std::string ask(const std::string& host, const std::string& uri) const {
        net::io_context loop;
        net::local::stream_protocol::socket socket(loop);
        socket.connect(folder_ + "/socket");
        net::write(socket, net::buffer("GET " + uri + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
        std::string answer;
        boost::system::error_code end;
        net::read(socket, net::dynamic_buffer(answer), end);
        const auto code = answer.substr(9, 3);
        return code == "200" ? answer.substr(answer.find("\r\n\r\n") + 4) : code;
    }

private:
    [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& more) const {
        std::vector<std::string> out{"nginx", "-e", "stderr", "-p", folder_, "-c", folder_ + "/nginx.conf"};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }
    std::string folder_;
    program_output started_;
};

TEST(NginxLookup, AnswersAsTheRowsSay) {
    const temporary_folder here;
    std::filesystem::permissions(here.path(), std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
    const nginx_daemon nginx(here.path().string());
    if (nginx.started().exit_code == 127 && std::getenv("FIRSTFIN_NOTHING_SKIPPED") == nullptr)
        GTEST_SKIP() << "nginx is not installed";
    ASSERT_EQ(nginx.started().exit_code, 0) << nginx.started().err;
    for (const auto& row : lookup_rows)
        EXPECT_EQ(nginx.ask(row.host, row.uri), row.answer) << row.host << row.uri;
}

}  // namespace
}  // namespace firstfin::test

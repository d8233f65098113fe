#include <gtest/gtest.h>

#include <random>

#include "server/nginx_conf/lookup.hpp"
#include "tests/peers/nginx_conf/lookup_rows.hpp"
#include "tests/server/nginx/answers/asked_site.hpp"

// The ordered search and the servers by name have to find what nginx_conf's plain functions find.

namespace firstfin::nginx {
namespace {

using test::asked_site;

TEST(LocationFinder, FindsWhatNginxFinds) {
    // The rows' answers are texts of `return`, or of what there is none.
    auto whole = firstfin::test::lookup_configuration;
    constexpr std::string_view local = "unix:DIR/socket";
    for (auto at = whole.find(local); at != std::string::npos; at = whole.find(local))
        whole.replace(at, local.size(), "80");
    const auto begin = whole.find("http {") + 6;
    asked_site site("access_log off;" + whole.substr(begin, whole.rfind('}') - begin));
    for (const auto& row : firstfin::test::lookup_rows) {
        std::string uri = row.uri;
        for (auto at = uri.find('%'); at != std::string::npos; at = uri.find('%', at + 3))
            uri.replace(at, 1, "%25");
        const auto said = site.ask("GET " + uri + " HTTP/1.1\r\nHost: " + row.host + "\r\n\r\n");
        const auto found = said.status == 200 ? test::body_of(said) : std::to_string(said.status);
        EXPECT_EQ(found, row.answer) << row.host << row.uri;
    }
}

TEST(LocationFinder, AgreesWithThePlainSearchOnRandomTrees) {
    std::mt19937 random(7);
    const auto below = [&](unsigned most) { return random() % most; };
    const auto name = [&] {
        std::string out = "/";
        for (auto left = below(5); left != 0; --left)
            out += "ab/"[below(3)];
        return out;
    };
    for (int tree = 0; tree != 60; ++tree) {
        std::string text;
        int number = 0;
        const std::function<void(const std::string&, int)> add = [&](const std::string& inside, int depth) {
            std::set<std::string> used;
            for (auto left = below(8); left != 0; --left) {
                const auto kind = below(6);
                auto prefix = inside + name().substr(inside.empty() ? 0 : 1);
                const std::string head = kind == 0   ? "= " + prefix
                                         : kind == 1 ? "^~ " + prefix
                                         : kind == 2 ? "~ " + name().substr(1) + "a"
                                                     : prefix;
                if (!used.insert(kind == 2 || kind == 0 ? head : prefix).second || (inside == prefix && kind != 2))
                    continue;
                text += "location " + head + " { ";
                text += kind == 3 && prefix.ends_with('/') ? "proxy_pass http://127.0.0.1:9;"
                                                           : "return 200 " + std::to_string(++number) + ";";
                if (kind > 3 && depth < 2) add(prefix, depth + 1);
                text += "}\n";
            }
        };
        add("", 0);
        asked_site site("access_log off; server { listen 80; merge_slashes off;\n" + text + "}");
        const auto& server = site->settings().servers.front();
        for (int i = 0; i != 100; ++i) {
            auto uri = name();
            const auto plain = nginx_conf::find_location(server, uri);
            const auto said = site.get(uri);
            if (plain.adds_slash)
                EXPECT_EQ(said.status, 301) << uri << "\n" << text;
            else if (plain.location->returns)
                EXPECT_EQ(test::body_of(said), *plain.location->returns->text) << uri << "\n" << text;
            else
                EXPECT_EQ(said.status, plain.location->pass ? 501 : 404) << uri << "\n" << text;
        }
    }
}

}  // namespace
}  // namespace firstfin::nginx

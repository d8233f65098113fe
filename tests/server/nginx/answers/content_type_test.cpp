#include "server/nginx/answers/content_type.hpp"

#include <gtest/gtest.h>

#include "server/nginx/answers/escaped_uri.hpp"

namespace firstfin::nginx {
namespace {

TEST(ContentType, TheExtensionOfAPath) {
    const std::vector<std::pair<const char*, const char*>> rows{
        {"/a.txt", "txt"}, {"/a.b.c", "c"}, {"/a", ""},     {"/.profile", ""}, {"/d.x/file", ""},
        {"/d/.x", ""},     {"/a.", ""},     {"/.a.b", "b"}, {"", ""},          {"/", ""},
    };
    for (const auto& [path, extension] : rows)
        EXPECT_EQ(extension_of(path), extension) << path;
}

TEST(ContentType, IsFoundInAnyCase) {
    const content_type_table table(std::make_shared<const std::map<std::string, std::string>>(
        std::map<std::string, std::string>{{"html", "text/html"}}));
    ASSERT_NE(table.find("HTML"), nullptr);
    EXPECT_EQ(*table.find("HtMl"), "text/html");
    EXPECT_EQ(table.find("htm"), nullptr);
    EXPECT_EQ(table.find(std::string(5000, 'h')), nullptr);
}

TEST(EscapedUri, LeavesOnlyWhatMayStandInALine) {
    std::string out;
    append_escaped_uri(out, "/a b\r\n\"#%<>?\\^`{|}~\x7f\xc3\xa9'&=+");
    EXPECT_EQ(out, "/a%20b%0D%0A%22%23%25%3C%3E%3F%5C%5E%60%7B%7C%7D~%7F%C3%A9'&=+");
}

}  // namespace
}  // namespace firstfin::nginx

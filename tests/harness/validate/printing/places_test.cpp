#include "harness/validate/printing/places.hpp"

#include <gtest/gtest.h>

namespace firstfin::validate::printing {
namespace {

struct path_row {
    std::string file, path, uri;
};

TEST(Places, FilesBelowTheFolderAreRelative) {
    const path_row rows[] = {
        {"/srv/ci/nginx.conf", "nginx.conf", "nginx.conf"},
        {"/srv/ci/conf.d/a b.conf", "conf.d/a b.conf", "conf.d/a%20b.conf"},
        {"conf.d/../x.conf", "x.conf", "x.conf"},
        {"./x.conf", "x.conf", "x.conf"},
        {"../x.conf", "/srv/x.conf", "file:///srv/x.conf"},
        {"/etc/nginx/nginx.conf", "/etc/nginx/nginx.conf", "file:///etc/nginx/nginx.conf"},
        {"/srv/cinema/x.conf", "/srv/cinema/x.conf", "file:///srv/cinema/x.conf"},
        {"..conf/x", "..conf/x", "..conf/x"},
        {"c:x%41\n\xFF", "c:x%41\n\xFF", "c%3Ax%2541%0A%FF"},
        {"standard input", "standard input", "standard%20input"},
    };
    for (const auto& [file, path, uri] : rows) {
        EXPECT_EQ(path_from("/srv/ci", file), path);
        EXPECT_EQ(path_from("/srv/ci/", file), path);
        EXPECT_EQ(uri_from("/srv/ci", file), uri);
    }
}

TEST(Places, WordsEndWhereNginxEndsThem) {
    EXPECT_EQ(word_length("server{"), 6U);
    EXPECT_EQ(word_length("keepalive_timeout 60s;"), 17U);
    EXPECT_EQ(word_length("daemon;"), 6U);
    EXPECT_EQ(word_length("\"a b\" c"), 5U);
    EXPECT_EQ(word_length("'a \\' b' c"), 8U);
    EXPECT_EQ(word_length("'a\nb'"), 2U) << "a region of one line";
    EXPECT_EQ(word_length("a\\ b c"), 4U);
    EXPECT_EQ(word_length(";"), 1U);
    EXPECT_EQ(word_length(""), 1U);
}

TEST(Places, ColumnsCountCodePoints) {
    nginx_conf::configuration read;
    read.files = {"a", "empty"};
    read.texts = {"x;\n  \xC3\xA4\xFF word;\r\nlast", ""};
    const source_places places(read);
    const auto word = places.word_at({0, 2, 7});
    ASSERT_TRUE(word);
    EXPECT_EQ(word->start_line, 2U);
    EXPECT_EQ(word->start_column, 6U);
    EXPECT_EQ(word->end_line, 2U);
    EXPECT_EQ(word->end_column, 10U);
    EXPECT_EQ(places.line_of({0, 2, 7}), "  \xC3\xA4\xFF word;");
    EXPECT_EQ(places.word_at({0, 3, 1})->end_column, 5U);
    for (const nginx_conf::position nowhere :
         {nginx_conf::position{}, {0, 4, 1}, {0, 3, 5}, {1, 1, 1}, {2, 1, 1}, {0, 1, 9}}) {
        EXPECT_FALSE(places.word_at(nowhere)) << nowhere.line << ":" << nowhere.column;
    }
    EXPECT_EQ(places.line_of({0, 4, 1}), "");
    EXPECT_EQ(places.line_of({2, 1, 1}), "");
    EXPECT_EQ(places.line_of({1, 1, 1}), "");
}

}  // namespace
}  // namespace firstfin::validate::printing

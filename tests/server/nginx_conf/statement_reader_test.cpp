#include "server/nginx_conf/statement_reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace firstfin::nginx_conf {
namespace {

struct row {
    const char* name;
    std::string text;
    std::string reads;  ///< each word as [text]LINE:COLUMN, each end as it is written, complaints as !text
};

std::string read_all(const std::string& text) {
    std::string out;
    statement_reader reader(text, 0, [&](position where, std::uint32_t, const std::string& what) {
        out += fmt::format("!{}:{} {}\n", where.line, where.column, what);
    });
    std::vector<word> words;
    for (;;) {
        const auto how = reader.next(words);
        for (const auto& each : words)
            out += fmt::format("[{}]{}:{} ", each.text, each.where.line, each.where.column);
        if (how == statement_end::file_end) return out;
        out += fmt::format("{}{}:{}\n",
                           how == statement_end::semicolon     ? ";"
                           : how == statement_end::block_start ? "{"
                                                               : "}",
                           reader.end().line, reader.end().column);
    }
}

class StatementReader : public testing::TestWithParam<row> {};

TEST_P(StatementReader, Reads) {
    EXPECT_EQ(read_all(GetParam().text), GetParam().reads);
}

const row rows[] = {
    {"nothing", "", ""},
    {"two_words", "a  b;", "[a]1:1 [b]1:4 ;1:5\n"},
    {"lines", "a\n  b\n;", "[a]1:1 [b]2:3 ;3:1\n"},
    {"block", "a { b; }", "[a]1:1 {1:3\n[b]1:5 ;1:6\n}1:8\n"},
    {"crlf", "a b;\r\nc;\r\n", "[a]1:1 [b]1:3 ;1:4\n[c]2:1 ;2:2\n"},
    {"comment", "a # b;\n c;", "[a]1:1 [c]2:2 ;2:3\n"},
    {"hash_in_word", "a#b;", "[a#b]1:1 ;1:4\n"},
    {"double_quotes", "a \"b ; { } # 'c'\";", "[a]1:1 [b ; { } # 'c']1:3 ;1:18\n"},
    {"single_quotes", "a 'b \"c\"';", "[a]1:1 [b \"c\"]1:3 ;1:10\n"},
    {"empty_quotes", "a '' \"\";", "[a]1:1 []1:3 []1:6 ;1:8\n"},
    {"quote_in_word", "a b'c;", "[a]1:1 [b'c]1:3 ;1:6\n"},
    {"escapes", "a \\\"\\'\\\\\\t\\n\\r\\q\\;;", "[a]1:1 [\"'\\\t\n\r\\q\\;]1:3 ;1:19\n"},
    {"escapes_in_quotes", "a \"\\\"\\n\\$\";", "[a]1:1 [\"\n\\$]1:3 ;1:11\n"},
    {"variable", "a $b ${c}d \"${e}\";", "[a]1:1 [$b]1:3 [${c}d]1:6 [${e}]1:12 ;1:18\n"},
    {"dollar_keeps_brace", "a b${c;", "[a]1:1 [b${c]1:3 ;1:7\n"},
    {"brace_ends_word", "a b{", "[a]1:1 [b]1:3 {1:4\n"},
    {"bracket_after_quote", "if ($a = \"b\") {", "[if]1:1 [($a]1:4 [=]1:8 [b]1:10 [)]1:13 {1:15\n"},
    {"word_after_quote", "a \"b\"c;", "!1:6 unexpected \"c\"\n[a]1:1 [b]1:3 [c]1:6 ;1:7\n"},
    {"stray_semicolon", "; a;", "!1:1 unexpected \";\"\n[a]1:3 ;1:4\n"},
    {"missing_semicolon", "a b }", "!1:5 unexpected \"}\"\n[a]1:1 [b]1:3 ;1:5\n}1:5\n"},
    {"end_in_word", "a b", "!1:3 unexpected end of file, expecting \";\" or \"}\"\n[a]1:1 "},
    {"end_in_quotes", "a 'b\n",
     "!1:3 unexpected end of file, expecting \";\" or \"}\": the ' here has no end\n[a]1:1 "},
    {"end_after_backslash", "a\\", "!1:1 unexpected end of file, expecting \";\" or \"}\"\n"},
    {"columns_count_bytes", "\xC3\xA4 b;", "[\xC3\xA4]1:1 [b]1:4 ;1:5\n"},
    {"longest_word", std::string(4095, 'x') + ";", "[" + std::string(4095, 'x') + "]1:1 ;1:4096\n"},
    {"too_long_word", "a; " + std::string(4096, 'x') + ";",
     "[a]1:1 ;1:2\n!1:4 too long parameter \"xxxxxxxxxx...\" started\n"},
    {"too_long_comment", "a;\n#" + std::string(4096, '-') + "\nb;",
     "[a]1:1 ;1:2\n!2:1 too long parameter \"#---------...\" started\n"},
};

std::string name_of(const testing::TestParamInfo<row>& one) {
    return one.param.name;
}
INSTANTIATE_TEST_SUITE_P(Rows, StatementReader, testing::ValuesIn(rows), name_of);

}  // namespace
}  // namespace firstfin::nginx_conf

#include "harness/subjects/command_line.hpp"

#include <gtest/gtest.h>

namespace firstfin::subjects {
namespace {

using words = std::vector<std::string>;

struct split_row {
    const char* name;
    const char* line;
    words expected;
};

class CommandSplitting : public ::testing::TestWithParam<split_row> {};

// Each expectation is what `printf '<%s>' ...` shows in dash, where nothing is there to expand.
TEST_P(CommandSplitting, IsThatOfAShell) {
    const auto actual = split_command(GetParam().line);
    ASSERT_TRUE(actual) << actual.error().message;
    EXPECT_EQ(*actual, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, CommandSplitting,
    ::testing::Values(
        split_row{"nothing", "", {}}, split_row{"only_blanks", " \t\n", {}},
        split_row{"words", "ab  --url=x\ty\nz ", {"ab", "--url=x", "y", "z"}},
        split_row{"single_quotes", R"('a b' 'c\d"')", {"a b", R"(c\d")"}},
        split_row{"double_quotes", R"("a b" "it's")", {"a b", "it's"}},
        split_row{"escapes_in_double_quotes", R"("a\"b\\c\d\$x")", {R"(a"b\c\d$x)"}},
        split_row{"escapes_outside", R"(a\ b \' \\ \x)", {"a b", "'", "\\", "x"}},
        split_row{"parts_of_one_word", R"(--header='Connection: 'cl"os"e)", {"--header=Connection: close"}},
        split_row{"empty_words", R"('' a "" b'')", {"", "a", "", "b"}},
        split_row{"a_line_carried_on", "a \\\n  b\\\nc \"d\\\ne\" \\\n", {"a", "bc", "de"}},
        split_row{"nothing_is_expanded", "a $HOME * > x | y # z", {"a", "$HOME", "*", ">", "x", "|", "y", "#", "z"}}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(CommandSplitting, SaysWhatIsNotFinished) {
    for (const auto* line : {"a 'b", "a \"b", "a \"b\\\"", "a \"\\", "a \\"})
        EXPECT_FALSE(split_command(line)) << line;
    EXPECT_EQ(split_command("a 'b c").error().message, "a ' in the command is never closed");
}

const placeholders some = {
    {"port", "8080"}, {"url", "http://10.0.0.1:8080/"}, {"folder", "/mnt/a b"}, {"odd", "{port}"}};

struct filling_row {
    const char* name;
    const char* text;
    const char* expected;
};

class Filling : public ::testing::TestWithParam<filling_row> {};

TEST_P(Filling, PutsValuesInPlace) {
    const auto actual = filled(GetParam().text, some);
    ASSERT_TRUE(actual) << actual.error().message;
    EXPECT_EQ(*actual, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Filling,
    ::testing::Values(filling_row{"nothing", "", ""}, filling_row{"text_alone", "a b", "a b"},
                      filling_row{"a_value_alone", "{port}", "8080"},
                      filling_row{"several", "x{port}{port}y {url}", "x80808080y http://10.0.0.1:8080/"},
                      filling_row{"a_value_is_not_filled_again", "{odd}", "{port}"},
                      filling_row{"the_text_itself", "{{port}} {{path}}", "{port} {path}"},
                      filling_row{"nested_in_a_block", "a { listen {port}; }}", "a { listen 8080; }}"},
                      filling_row{"a_block_around_a_value", "{{port} }", "{8080 }"},
                      filling_row{"braces_of_others", "{} { } {a b} ${HOME} {A} {1} {http.host} {",
                                  "{} { } {a b} ${HOME} {A} {1} {http.host} {"},
                      filling_row{"a_name_cut_off", "{port", "{port"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(Filling, NamesWhatThereIs) {
    const auto actual = filled("--port {prot}", some);
    ASSERT_FALSE(actual);
    EXPECT_EQ(actual.error().message,
              "nothing is known to put in place of {prot}; there are {folder} {odd} {port} {url}; {{prot}} is the text "
              "itself");
}

TEST(CommandWords, AreSplitBeforeTheyAreFilled) {
    EXPECT_EQ(command_words("run '{folder}' {folder}/x", some).value(), (words{"run", "/mnt/a b", "/mnt/a b/x"}));
}

TEST(CommandWords, NeedAProgram) {
    for (const auto* line : {"", "  ", "'' a"})
        EXPECT_FALSE(command_words(line, some)) << line;
    EXPECT_FALSE(command_words("run {nothing}", some));
}

}  // namespace
}  // namespace firstfin::subjects

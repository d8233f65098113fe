#include <cstdlib>

#include "harness/validate/annotations.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/source_excerpt.hpp"

// Any bytes are a configuration with comments for `firstfin validate`: what is read of them lies where it says, ignores
// mean lines of the file in order, and no byte of a stranger reaches a terminal. Two names stand in for all rules and
// peers.
//
// Until the fuzz preset builds it:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I. -o /tmp/fuzz_annotations
//     tests/fuzz/fuzz_annotations.cpp harness/validate/{annot,problem,source_excerpt}*.cpp server/nginx_conf/*.cpp
//     core/{duration,text_value}.cpp -lfmt -lpcre2-8

namespace firstfin::validate {

std::span<const rule> all_rules() {
    static const std::vector<rule> all{{.id = "r"}, {.id = "tie-zone"}};
    return all;
}

const rule* find_rule(std::string_view id) {
    for (const auto& one : all_rules())
        if (one.id == id) return &one;
    return nullptr;
}

static std::vector<peer> named(std::string_view text, const catalogue&) {
    if (text != "p") throw bad_input("unknown: " + std::string(text));
    return {peer{.id = "p"}};
}
std::vector<peer> clients_named(std::string_view text, const catalogue& all) {
    return named(text, all);
}
std::vector<peer> backends_named(std::string_view text, const catalogue& all) {
    return named(text, all);
}

}  // namespace firstfin::validate

namespace {

using namespace firstfin;
using namespace firstfin::validate;

void require(bool holds) {
    if (!holds) std::abort();
}

void require_printable(std::string_view text) {
    for (const auto ch : text)
        require((static_cast<unsigned char>(ch) >= 0x20 && ch != 0x7f) || ch == '\n');
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
    for (; line > 1; --line)
        text.remove_prefix(text.find('\n') + 1);
    return text.substr(0, text.find('\n'));
}

void look_at(const std::vector<annotation>& all, const nginx_conf::configuration& read) {
    const annotation* before = nullptr;
    std::vector<finding> findings;
    for (const auto& one : all) {
        require(one.inside != nullptr && !one.inside->empty());
        const auto line = line_of(read.texts.at(one.where.file), one.where.line);
        require(line.find('#') < one.where.column && one.where.column <= line.size());
        constexpr std::array keys{"client=", "backend=", "ignore="};
        const auto said = line.substr(one.where.column - 1);
        require(said.starts_with(keys.at(static_cast<std::size_t>(one.kind)) + one.what));
        if (one.kind != annotation_kind::ignore) continue;
        require(find_rule(one.what) != nullptr && !one.reason.empty());
        require(one.first_line != 0 && one.first_line <= one.last_line);
        if (before != nullptr && before->where.file == one.where.file)
            require(before->first_line <= one.first_line && before->last_line <= one.last_line);
        before = &one;
        finding fits;
        fits.rule = one.what;
        fits.where = {one.where.file, one.last_line, 1};
        findings.push_back(fits);
    }
    (void)apply_ignores(all, read.files, findings);
    for (const auto& one : findings)
        require(one.ignored.has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    nginx_conf::reading_options options;
    options.access =
        nginx_conf::files_in_memory({{"/n", text},
                                     {"/part", "# firstfin: client=p backend=p\nserver { # firstfin: ignore=r x\n}"},
                                     {"/note", "#firstfin:client=p"}});
    const auto read = nginx_conf::read_configuration("/n", "", options);
    for (const auto& one : read.messages)
        if (one.where.is_known()) require_printable(source_excerpt(read.texts.at(one.where.file), one.where));
    require_printable(errors_in_words(read, ""));
    static const catalogue nobody;
    try {
        const auto all = read_annotations(read);
        if (read.is_valid()) look_at(all, read);
        const auto settings = nginx_conf::effective(read);
        (void)annotated_clients(all, read, settings, nobody);
        (void)annotated_backends(all, read, settings, nobody);
    } catch (const bad_input& refused) {
        require_printable(refused.what());
    }
    return 0;
}

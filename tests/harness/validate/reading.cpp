#include "tests/harness/validate/reading.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace firstfin::test {

const catalogue& all_profiles() {
    static const auto all = catalogue::load(FIRSTFIN_PROFILES);
    return all;
}

validate::validation validated(const std::string& text, const std::vector<std::string>& options) {
    auto asked = validate::read_question(options, all_profiles());
    nginx_conf::reading_options how;
    how.version = asked.version;
    how.access = nginx_conf::files_in_memory({{"/etc/nginx/nginx.conf", text}});
    auto read = nginx_conf::read_configuration("/etc/nginx/nginx.conf", "/etc/nginx/", how);
    for (const auto& one : read.messages)
        EXPECT_NE(one.level, nginx_conf::severity::emerg) << read.in_words(one);
    return validate::validate(std::move(read), std::move(asked), all_profiles());
}

validate::validation validated_http(const std::string& text, const std::vector<std::string>& options) {
    return validated("events {} http { " + text + "\n}\n", options);
}

std::vector<std::string> found(const validate::validation& in) {
    std::vector<std::string> out;
    for (const auto& one : in.findings)
        out.push_back(fmt::format("{}:{}:{}", one.rule, one.where.line, to_text(one.level)));
    return out;
}

}  // namespace firstfin::test

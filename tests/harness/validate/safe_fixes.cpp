#include "tests/harness/validate/safe_fixes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/harness/validate/reading.hpp"

namespace firstfin::test {

namespace {

namespace val = validate;

class trial {
public:
    trial(const nginx_conf::configuration& read, const val::question& asked, const nginx_conf::file_access& below)
        : asked_(asked), below_(below), before_(judge(read)) {}

    std::vector<std::string> faults() {
        for (const auto& one : before_.findings)
            if (one.safe_fix && !one.ignored) try_alone(one);
        const auto all = offer(before_);
        say_new(all, "all fixes");
        if (all.empty()) return std::move(faults_);
        const auto again = offer(all.after);
        for (const auto i : again.plan.findings)
            for (const auto j : all.plan.findings)
                if (all.after.findings[i].rule == before_.findings[j].rule)
                    faults_.push_back(fmt::format("{} is fixed, and then fixed again", before_.findings[j].rule));
        return std::move(faults_);
    }

    std::string fixed_text() {
        const auto all = offer(before_);
        return all.plan.fixed.texts.at(0);
    }

    std::vector<std::string> fixed_rules() {
        std::vector<std::string> out;
        for (const auto i : offer(before_).plan.findings)
            out.push_back(before_.findings[i].rule);
        return out;
    }

private:
    val::validation judge(nginx_conf::configuration read) const {
        return val::validate(std::move(read), asked_, all_profiles());
    }
    val::fixing::offered_fixes offer(const val::validation& made) const {
        return val::fixing::offer_fixes(
            made, [this](auto read) { return judge(std::move(read)); }, 80, below_);
    }

    void say_new(const val::fixing::offered_fixes& of, const std::string& after) {
        for (const auto i : of.new_ones)
            if (of.after.findings[i].level != val::severity::note)
                faults_.push_back(fmt::format("{} bring {} {}", after, to_text(of.after.findings[i].level),
                                              of.after.findings[i].rule));
    }

    void try_alone(const val::finding& one) {
        auto alone = before_;
        for (auto& other : alone.findings)
            if (&other - alone.findings.data() != &one - before_.findings.data()) other.safe_fix.reset();
        const auto made = offer(alone);
        const auto name = fmt::format("{} ({})", one.rule, one.safe_fix->directive);
        if (made.empty()) {
            if (made.plan.left.empty()) faults_.push_back(name + " is not made, and nothing says why");
            return;
        }
        say_new(made, name);
        const auto count = [&](const val::validation& in) {
            return std::ranges::count(in.findings, one.rule, &val::finding::rule);
        };
        if (count(made.after) >= count(before_)) faults_.push_back(fmt::format("{} leaves its finding", name));
    }

    const val::question& asked_;
    const nginx_conf::file_access& below_;
    val::validation before_;
    std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> faults_of_fixes(const nginx_conf::configuration& read, const val::question& asked,
                                         const nginx_conf::file_access& below) {
    return trial(read, asked, below).faults();
}

std::vector<std::string> fixed_rules(const nginx_conf::configuration& read, const val::question& asked,
                                     const nginx_conf::file_access& below) {
    return trial(read, asked, below).fixed_rules();
}

std::string with_all_fixes(const nginx_conf::configuration& read, const val::question& asked,
                           const nginx_conf::file_access& below) {
    return trial(read, asked, below).fixed_text();
}

}  // namespace firstfin::test

#include "harness/validate/annotations.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "harness/validate/annotation_text.hpp"
#include "harness/validate/problem_list.hpp"
#include "server/nginx_conf/lua_block.hpp"
#include "server/nginx_conf/statement_reader.hpp"

namespace firstfin::validate {

namespace {

using nginx_conf::configuration;
using nginx_conf::directive;
using nginx_conf::position;
using nginx_conf::statement_end;
using blocks = std::vector<enclosing_block>;

constexpr std::size_t most_remarks = 20;

/// What a block of this name is to what stands in it.
enclosing_block entered(const enclosing_block& outer, std::string_view name, position where) {
    using kind = enclosing_block::kind;
    if (outer.what == kind::other) return outer;
    if (name == "http") return {kind::http, where};
    if (name == "server") return {kind::server, where};
    if (name == "location") return {kind::location, where};
    if (name == "upstream") return {kind::upstream, where};
    if (name == "stream" || name == "mail") return {kind::other, where};
    return outer;
}

/// Takes one file apart again, by nginx's own rules, to hear its comments: the tree has none.
class file_scan {
public:
    file_scan(const configuration& read, std::uint32_t file, std::vector<annotation>& into, problem_list& problems)
        : text_(read.texts[file]), file_(file), out_(into), problems_(problems) {}

    /// Annotations at the top level of the file get no `inside`: that is said by whoever includes it.
    void scan() {
        nginx_conf::statement_reader reader(text_, file_, [](position, std::uint32_t, const std::string&) {});
        reader.on_comment([this](position where, std::string_view text) { hear(where, text); });
        for (;;) {
            const auto how = reader.next(words_);
            if (how == statement_end::file_end || reader.gave_up()) break;
            if (how == statement_end::block_end) {
                nothing_follows();
                if (!open_.empty()) open_.pop_back();
                continue;
            }
            end_statement(reader.end());
            if (how == statement_end::semicolon) continue;
            const auto name = words_.empty() ? nginx_conf::word{} : words_.front();
            if (nginx_conf::holds_lua(name.text)) {
                std::string body;
                if (!reader.skip_lua(body)) break;
            } else {
                open_.push_back(entered(open_.empty() ? enclosing_block{} : open_.back(), name.text, name.where));
            }
        }
        nothing_follows();
    }

private:
    void hear(position where, std::string_view text) {
        if (problems_.is_full()) return;
        auto said = read_comment(text);
        const auto at = [&](std::size_t offset) {
            auto place = where;
            place.column += static_cast<std::uint32_t>(offset);
            return place;
        };
        for (const auto& error : said.errors)
            problems_.add(at(error.at), error.text);
        for (auto& part : said.parts) {
            annotation one;
            one.kind = part.kind;
            one.what = std::move(part.what);
            one.reason = std::move(part.reason);
            one.where = at(part.at);
            if (!open_.empty() && open_.back().what != enclosing_block::kind::none)
                one.inside = std::make_shared<const blocks>(1, open_.back());
            if (one.kind == annotation_kind::ignore) find_lines(one, where);
            out_.push_back(std::move(one));
        }
    }

    /// Nothing but blanks before it on its line.
    bool stands_alone(position comment) {
        // Comments come in order, so each line is looked for once.
        for (; line_ < comment.line; ++line_)
            line_start_ = text_.find('\n', line_start_) + 1;
        return text_.substr(line_start_, comment.column - 1).find_first_not_of(" \t\r") == std::string_view::npos;
    }

    void find_lines(annotation& one, position comment) {
        const bool within = !words_.empty();
        const bool beside = last_end_line_ == comment.line;
        if (stands_alone(comment) && !within) {
            waiting_.push_back(out_.size());
            return;
        }
        if (!within && !beside) {
            problems_.add(one.where,
                          fmt::format("ignore={} stands behind a \"}}\", which finds nothing: write it on the "
                                      "line of the directive or alone on a line before it",
                                      one.what));
            return;
        }
        one.last_line = comment.line;
        one.first_line = comment.line;
        if (within) one.first_line = words_.front().where.line;
        if (beside) one.first_line = std::min(one.first_line, first_start_line_);
    }

    void end_statement(position end) {
        const auto start = words_.empty() ? end.line : words_.front().where.line;
        for (const auto index : waiting_)
            out_[index].first_line = out_[index].last_line = start;
        waiting_.clear();
        first_start_line_ = last_end_line_ == end.line ? std::min(first_start_line_, start) : start;
        last_end_line_ = end.line;
    }

    void nothing_follows() {
        for (const auto index : waiting_)
            problems_.add(
                out_[index].where,
                fmt::format("ignore={}: no statement of this block follows that it could mean", out_[index].what));
        waiting_.clear();
    }

    std::string_view text_;
    std::uint32_t file_;
    std::vector<annotation>& out_;
    problem_list& problems_;
    std::vector<nginx_conf::word> words_;  ///< of the statement being read
    blocks open_;
    std::vector<std::size_t> waiting_;    ///< annotations that mean the next statement
    std::uint32_t last_end_line_ = 0;     ///< of the statement before
    std::uint32_t first_start_line_ = 0;  ///< of the first statement that ends on that line
    std::uint32_t line_ = 1;              ///< whose beginning is known
    std::size_t line_start_ = 0;
};

/// Which blocks the top level of an included file stands in. The tree has what an include brought in behind it, but a
/// file of comments brings nothing: so the paths are matched again.
class include_sites {
public:
    include_sites(const configuration& read, const std::vector<bool>& wanted) : read_(read) {
        const auto main = read.main_file();
        folder_ = main.substr(0, main.rfind('/') + 1);
        for (std::uint32_t i = 0; i < read.files.size(); ++i)
            if (wanted[i]) wanted_.emplace(read.files[i], i);
        sites_.resize(read.files.size());
        walk(read.tree, {}, "");
    }

    /// Never empty.
    [[nodiscard]] std::shared_ptr<const blocks> of(std::uint32_t file) {
        auto& shared = shared_[file];
        if (!shared) {
            auto& found = sites_[file];
            if (found.empty() || read_.files[file] == read_.main_file()) found.emplace_back();
            shared = std::make_shared<const blocks>(std::move(found));
        }
        return shared;
    }

private:
    void walk(const std::vector<directive>& among, const enclosing_block& inside, std::string_view parent) {
        for (const auto& one : among) {
            if (one.has_block) {
                walk(one.block, entered(inside, one.name.text, one.name.where), one.name.text);
            } else if (one.name.text == "include" && one.arguments.size() == 1 && parent != "split_clients" &&
                       parent != "charset_map") {
                for (const auto file : files_of(one.arguments[0].text))
                    add(file, inside);
            }
        }
    }

    void add(std::uint32_t file, const enclosing_block& inside) {
        auto& sites = sites_[file];
        // The same block may be read twice (its own file is included twice), but it is one.
        if (seen_
                .emplace(file, static_cast<int>(inside.what), inside.where.file, inside.where.line, inside.where.column)
                .second)
            sites.push_back(inside);
    }

    const std::vector<std::uint32_t>& files_of(const std::string& written) {
        const auto [known, is_new] = by_pattern_.try_emplace(written);
        if (!is_new) return known->second;
        const auto path = written.starts_with('/') ? written : folder_ + written;
        auto& out = known->second;
        if (path.find_first_of("*?[") == std::string::npos) {
            if (const auto found = wanted_.find(path); found != wanted_.end()) out.push_back(found->second);
        } else {
            for (const auto& [name, file] : wanted_)
                if (::fnmatch(path.c_str(), name.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) out.push_back(file);
        }
        return out;
    }

    const configuration& read_;
    std::string folder_;
    std::unordered_map<std::string, std::uint32_t> wanted_;
    std::vector<blocks> sites_;
    std::set<std::tuple<std::uint32_t, int, std::uint32_t, std::uint32_t, std::uint32_t>> seen_;
    std::unordered_map<std::string, std::vector<std::uint32_t>> by_pattern_;
    std::unordered_map<std::uint32_t, std::shared_ptr<const blocks>> shared_;
};

}  // namespace

std::vector<annotation> read_annotations(const configuration& read) {
    std::vector<annotation> out;
    problem_list problems(read.files);
    for (std::uint32_t file = 0; file < read.texts.size(); ++file)
        if (read.texts[file].find("firstfin") != std::string::npos) file_scan(read, file, out, problems).scan();
    problems.throw_if_any();

    std::vector<bool> at_top(read.files.size());
    for (const auto& one : out)
        if (!one.inside) at_top[one.where.file] = true;
    if (std::ranges::find(at_top, true) == at_top.end()) return out;
    include_sites sites(read, at_top);
    for (auto& one : out)
        if (!one.inside) one.inside = sites.of(one.where.file);
    return out;
}

std::vector<std::string> apply_ignores(const std::vector<annotation>& all, const std::vector<std::string>& files,
                                       std::vector<finding>& findings, const std::vector<unjudged>& lacking) {
    // Of one rule in one file, both ends of their lines only grow: the first that ends late enough is the one to ask.
    std::map<std::pair<std::string_view, std::uint32_t>, std::vector<const annotation*>> by_rule;
    for (const auto& one : all)
        if (one.kind == annotation_kind::ignore) by_rule[{one.what, one.where.file}].push_back(&one);
    std::set<const annotation*> used;
    for (auto& each : findings) {
        const auto group = by_rule.find({each.rule, each.where.file});
        if (group == by_rule.end() || !each.where.is_known()) continue;
        const auto found = std::ranges::lower_bound(group->second, each.where.line, {}, &annotation::last_line);
        if (found == group->second.end() || (*found)->first_line > each.where.line) continue;
        each.ignored = (*found)->reason;
        used.insert(*found);
    }
    std::vector<std::string> remarks;
    std::size_t unused = 0;
    for (const auto& one : all) {
        if (one.kind != annotation_kind::ignore || used.contains(&one) ||
            std::ranges::find(lacking, one.what, &unjudged::rule) != lacking.end())
            continue;
        if (++unused <= most_remarks)
            remarks.push_back(fmt::format("{}: ignore={} meets no finding there",
                                          nginx_conf::origin_in_words(one.where, files), one.what));
    }
    if (unused > most_remarks) remarks.push_back(fmt::format("{} more meet no finding", unused - most_remarks));
    return remarks;
}

}  // namespace firstfin::validate

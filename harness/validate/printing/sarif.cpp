#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <tuple>

#include "core/version.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/store/utf8.hpp"
#include "harness/validate/fixing/edit.hpp"
#include "harness/validate/printing/json_writing.hpp"
#include "harness/validate/printing/places.hpp"
#include "harness/validate/printing/printing.hpp"

// SARIF 2.1.0, the OASIS standard "Static Analysis Results Interchange Format"; sections named here are its own.

namespace firstfin::validate::printing {

namespace {

namespace json = boost::json;
using report::shown;

constexpr std::size_t longest_line_shown = 400;

/// In a message braces hold placeholders (3.11.5), and "[text](target)" is a link (3.11.6): none is meant.
std::string message_text(std::string_view raw) {
    const auto text = shown(raw);
    const bool may_link = text.find("](") != std::string::npos;
    std::string out;
    for (const char c : text) {
        if (c == '{' || c == '}') out += c;
        if (may_link && (c == '[' || c == ']' || c == '\\')) out += '\\';
        out += c;
    }
    return out;
}

json::object message(std::string_view raw) {
    return {{"text", message_text(raw)}};
}

/// Whether an editor may be asked to write this: text, and nothing that hides in it.
bool is_plain(std::string_view text) {
    std::string without_breaks(text);
    std::erase_if(without_breaks, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
    return shown(without_breaks) == without_breaks;
}

class log {
public:
    log(const validation& of, std::span<const rule> rules, const std::filesystem::path& folder)
        : of_(of), rules_(rules), folder_(folder), places_(of.read) {
        for (const auto& one : of.findings)
            if (one.safe_fix) wanted_.try_emplace(key(one.safe_fix->at), nullptr);
        if (!wanted_.empty()) find_directives(of.read.tree);
    }

    [[nodiscard]] json::object text() const {
        json::array results;
        for (const auto& one : of_.findings)
            results.emplace_back(result_of(one));
        json::object run{{"tool", {{"driver", driver()}}},
                         {"columnKind", "unicodeCodePoints"},
                         {"invocations", json::array{invocation()}},
                         {"results", std::move(results)}};
        return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                {"version", "2.1.0"},
                {"runs", json::array{std::move(run)}}};
    }

private:
    using place_key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
    static place_key key(nginx_conf::position at) { return {at.file, at.line, at.column}; }

    void find_directives(const std::vector<nginx_conf::directive>& among) {
        for (const auto& one : among) {
            if (const auto found = wanted_.find(key(one.name.where)); found != wanted_.end()) found->second = &one;
            find_directives(one.block);
        }
    }

    [[nodiscard]] json::object driver() const {
        json::array described;
        for (const auto& one : rules_)
            described.push_back(
                {{"id", one.id},
                 {"shortDescription", {{"text", one.title}}},
                 {"fullDescription", {{"text", one.why}}},
                 {"help", {{"text", fmt::format("{}\n\nFix: {}.\n\nSource: {}", one.why, one.mend, one.source)}}},
                 {"defaultConfiguration", {{"level", to_text(one.highest)}}}});
        return {
            {"name", "firstfin"}, {"version", version}, {"semanticVersion", version}, {"rules", std::move(described)}};
    }

    /// What was not judged, and what the reader remarked: of the configuration of the tool, not of the files.
    [[nodiscard]] json::object invocation() const {
        json::array notes;
        for (const auto& one : of_.not_judged) {
            json::object note{{"level", "note"},
                              {"message", message(fmt::format("{} was not judged: it needs {}", one.rule, one.needs))}};
            note["associatedRule"] = reference_to(one.rule);
            notes.emplace_back(std::move(note));
        }
        for (const auto& one : of_.remarks)
            notes.push_back({{"level", "note"}, {"message", message(one)}});
        json::object out{{"executionSuccessful", true}};
        if (!notes.empty()) out["toolConfigurationNotifications"] = std::move(notes);
        return out;
    }

    [[nodiscard]] json::object reference_to(const std::string& id) const {
        json::object out{{"id", id}};
        if (const auto index = index_of(id)) out["index"] = *index;
        return out;
    }

    [[nodiscard]] std::optional<std::size_t> index_of(const std::string& id) const {
        const auto found = std::ranges::find(rules_, id, &rule::id);
        if (found == rules_.end()) return std::nullopt;
        return static_cast<std::size_t>(found - rules_.begin());
    }

    [[nodiscard]] json::object result_of(const finding& one) const {
        json::object out{{"ruleId", one.rule}};
        if (const auto index = index_of(one.rule)) out["ruleIndex"] = *index;
        out["level"] = to_text(one.level);
        out["message"] = message(one.advice.empty() ? one.text : fmt::format("{} Fix: {}", one.text, one.advice));
        out["locations"] = json::array{location_of(one.where)};
        if (one.ignored) {
            json::object suppression{{"kind", "inSource"}};
            if (!one.ignored->empty()) suppression["justification"] = shown(*one.ignored);
            out["suppressions"] = json::array{std::move(suppression)};
        }
        if (one.safe_fix)
            if (auto fix = fix_of(*one.safe_fix, one.advice)) out["fixes"] = json::array{std::move(*fix)};
        json::object properties{{"hops", texts(one.hops)}, {"peers", texts(one.peers)}};
        if (!one.confidence.empty()) properties["confidence"] = shown(one.confidence);
        out["properties"] = std::move(properties);
        return out;
    }

    static json::array texts(const std::vector<std::string>& from) {
        json::array out;
        for (const auto& one : from)
            out.emplace_back(shown(one));
        return out;
    }

    [[nodiscard]] json::object artifact(const std::string& file) const { return {{"uri", uri_from(folder_, file)}}; }

    static json::object region_text(const region& of) {
        return {{"startLine", of.start_line},
                {"startColumn", of.start_column},
                {"endLine", of.end_line},
                {"endColumn", of.end_column}};
    }

    [[nodiscard]] json::object location_of(nginx_conf::position where) const {
        json::object physical{{"artifactLocation", artifact(file_of(where, of_.read))}};
        if (const auto word = places_.word_at(where)) {
            physical["region"] = region_text(*word);
            const auto line = places_.line_of(where);
            if (line.size() <= longest_line_shown)
                physical["contextRegion"] = {{"startLine", where.line}, {"snippet", {{"text", shown(line)}}}};
        }
        return {{"physicalLocation", std::move(physical)}};
    }

    /// Nothing when the directive is not where it should be, or the edit cannot be made without looking.
    [[nodiscard]] std::optional<json::object> fix_of(const change& wanted, const std::string& advice) const {
        const auto found = wanted_.find(key(wanted.at));
        const auto file = wanted.at.file;
        if (found == wanted_.end() || found->second == nullptr || !is_on_disk(of_.read.files[file]))
            return std::nullopt;
        const auto make = wanted.what == change::kind::replace ? fixing::replacing : fixing::inserting;
        const auto edit = make(*found->second, wanted.directive, of_.read.texts[file], places_.lines(file));
        if (!edit || !is_plain(edit->replacement)) return std::nullopt;
        json::object replacement{{"deletedRegion", region_text(places_.region_of(file, edit->offset, edit->length))},
                                 {"insertedContent", {{"text", edit->replacement}}}};
        json::object changed{{"artifactLocation", artifact(of_.read.files[file])},
                             {"replacements", json::array{std::move(replacement)}}};
        return json::object{{"description", message(advice)}, {"artifactChanges", json::array{std::move(changed)}}};
    }

    const validation& of_;
    std::span<const rule> rules_;
    const std::filesystem::path& folder_;
    source_places places_;
    std::map<place_key, const nginx_conf::directive*> wanted_;  ///< what safe fixes change
};

}  // namespace

std::string as_sarif(const validation& of, const std::filesystem::path& folder, std::span<const rule> rules) {
    return written(log(of, rules, folder).text());
}

}  // namespace firstfin::validate::printing

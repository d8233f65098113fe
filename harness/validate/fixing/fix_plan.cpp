#include "harness/validate/fixing/fix_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "harness/validate/fixing/raw_words.hpp"
#include "harness/validate/fixing/reading_again.hpp"

namespace firstfin::validate::fixing {

namespace {

using nginx_conf::configuration;
using nginx_conf::directive;
using nginx_conf::position;
using place = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

place key_of(position at) {
    return {at.file, at.line, at.column};
}

// Each reads and judges the whole configuration. What is to blame is mostly found at once.
constexpr std::size_t most_readings = 100;

/// One change that at least one finding asks for.
struct wish {
    change what;
    std::vector<std::size_t> findings;
    severity gravest = severity::note;
    edit made{};
};

std::string in_words(const std::vector<std::string>& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i)
        out += fmt::format("{}\"{}\"", i == 0 ? "" : i + 1 == values.size() ? " and " : ", ", values[i]);
    return out;
}

/// Directives of one block that exclude each other: by name, and headers by theirs.
std::string slot_of(const std::string& text) {
    const auto words = words_between(text, 0, text.size()).words;
    const auto word = [&](std::size_t i) { return text.substr(words[i].begin, words[i].end - words[i].begin); };
    if (words.empty()) return text;
    const auto name = word(0);
    return words.size() > 1 && name.ends_with("_set_header") ? name + ' ' + word(1) : name;
}

/// For every file the first of those that are the same file on disk under other names.
std::vector<std::uint32_t> first_names(const configuration& read) {
    std::vector<std::uint32_t> out(read.files.size());
    std::map<std::string, std::uint32_t> known;
    for (std::uint32_t i = 0; i < out.size(); ++i) {
        std::error_code failed;
        const auto path = std::filesystem::canonical(read.files[i], failed);
        out[i] = failed ? i : known.try_emplace(path.string(), i).first->second;
        if (read.texts[out[i]] != read.texts[i]) out[i] = i;
    }
    return out;
}

class planning {
public:
    planning(const configuration& read, const nginx_conf::nginx_version& version, const nginx_conf::file_access& below,
             const objection& objects)
        : read_(read), version_(version), below_(below), objects_(objects), first_name_(first_names(read)) {
        lines_.reserve(read.texts.size());
        for (const auto& text : read.texts)
            lines_.emplace_back(text);
        remember(read.tree);
    }

    fix_plan plan(std::span<const finding> findings) {
        auto all = wishes_of(findings);
        std::erase_if(all, [this](wish& one) { return !make_edit(one); });
        out_.fixed = read_;
        if (!all.empty()) {
            before_ = complaints_of(read_texts(read_.texts));
            take(all);
        }
        return std::move(out_);
    }

private:
    void remember(const std::vector<directive>& level) {
        for (const auto& one : level) {
            directives_.try_emplace(key_of(one.name.where), &one);
            remember(one.block);
        }
    }

    void leave(std::vector<std::size_t> findings, std::string why) {
        out_.left.push_back({std::move(findings), std::move(why)});
    }

    /// Without those that contradict each other.
    std::vector<wish> wishes_of(std::span<const finding> findings) {
        using slot = std::tuple<place, change::kind, std::string>;
        std::map<slot, std::vector<wish>> wanted;
        for (std::size_t i = 0; i < findings.size(); ++i) {
            if (!findings[i].safe_fix || findings[i].ignored) continue;
            auto what = *findings[i].safe_fix;
            if (what.at.file < first_name_.size()) what.at.file = first_name_[what.at.file];
            auto& here = wanted[{key_of(what.at), what.what,
                                 what.what == change::kind::insert ? slot_of(what.directive) : std::string()}];
            auto same = std::ranges::find(here, what.directive, [](auto& one) { return one.what.directive; });
            if (same == here.end()) same = here.insert(here.end(), {std::move(what), {}});
            same->findings.push_back(i);
            same->gravest = std::max(same->gravest, findings[i].level);
        }
        std::vector<wish> out;
        for (auto& [where, here] : wanted)
            if (auto one = the_one_of(here)) out.push_back(*std::move(one));
        return out;
    }

    /// Of what is wanted at one place. What notes propose gives way to what is needed against losses.
    std::optional<wish> the_one_of(std::vector<wish>& here) {
        const auto weighs = [](const wish& one) { return one.gravest != severity::note; };
        if (here.size() > 1 && std::ranges::count_if(here, weighs) == 1) {
            auto needed = *std::ranges::find_if(here, weighs);
            for (const auto& one : here)
                if (!weighs(one))
                    leave(one.findings, fmt::format("it wants \"{}\", and a graver finding \"{}\" at the same place",
                                                    one.what.directive, needed.what.directive));
            return needed;
        }
        if (here.size() == 1) return std::move(here.front());
        std::vector<std::size_t> all;
        std::vector<std::string> values;
        for (const auto& one : here) {
            all.insert(all.end(), one.findings.begin(), one.findings.end());
            values.push_back(one.what.directive);
        }
        leave(std::move(all), fmt::format("they want different things: {}", in_words(values)));
        return std::nullopt;
    }

    bool make_edit(wish& one) {
        const auto& at = one.what.at;
        const auto found = directives_.find(key_of(at));
        if (!at.is_known() || found == directives_.end()) {
            leave(one.findings, "there is no directive at that place");
            return false;
        }
        if (read_.files[at.file] == nginx_conf::command_line_name) {
            leave(one.findings, "it was said on the command line");
            return false;
        }
        const auto& text = read_.texts[at.file];
        const auto made = (one.what.what == change::kind::replace ? replacing : inserting)(
            *found->second, one.what.directive, text, lines_[at.file]);
        if (!made) {
            leave(one.findings, made.error().message);
            return false;
        }
        one.made = *made;
        if (text.compare(made->offset, made->length, made->replacement) != 0) return true;
        leave(one.findings, "it stands there already");
        return false;
    }

    configuration read_texts(const std::vector<std::string>& texts) const {
        return read_again(read_, texts, version_, below_);
    }

    /// Without those that stand where trouble comes from; where nothing does, halves them until the bad are alone.
    void take(std::span<const wish> some) {
        if (some.empty()) return;
        if (readings_ == most_readings) {
            for (const auto& one : some)
                leave(one.findings, "too many changes stand in each other's way: make the others first");
            return;
        }
        const auto kept = taken_.size();
        taken_.insert(taken_.end(), some.begin(), some.end());
        fix_plan next;
        const auto protests = against(next);
        if (protests.empty()) {
            out_.files = std::move(next.files);
            out_.findings = std::move(next.findings);
            out_.fixed = std::move(next.fixed);
            return;
        }
        const auto places = places_of_taken(next);
        taken_.resize(kept);
        std::vector<wish> rest;
        for (std::size_t i = 0; i < some.size(); ++i) {
            const auto blame = std::ranges::find(protests, places[kept + i], &protest::at);
            if (blame == protests.end())
                rest.push_back(some[i]);
            else
                leave(some[i].findings, blame->why);
        }
        if (rest.size() < some.size()) return take(rest);
        if (some.size() == 1) return leave(some.front().findings, protests.front().why);
        take(some.first(some.size() / 2));
        take(some.subspan(some.size() / 2));
    }

    /// Fills `next` with what is taken, and says what speaks against it.
    std::vector<protest> against(fix_plan& next) {
        ++readings_;
        next.files = files_with(taken_);
        for (const auto& one : taken_)
            next.findings.insert(next.findings.end(), one.findings.begin(), one.findings.end());
        std::ranges::sort(next.findings);
        auto texts = read_.texts;
        for (std::uint32_t i = 0; i < texts.size(); ++i)
            for (const auto& file : next.files)
                if (file.file == first_name_[i]) texts[i] = file.text;
        next.fixed = read_texts(texts);
        if (const auto worse = what_is_new(before_, complaints_of(next.fixed)))
            return {{fmt::format("after it nginx would say: {}", *worse)}};
        if (next.fixed.files != read_.files) return {{"after it nginx would read other files"}};
        accept(next.fixed, read_);
        return objects_ ? objects_(next) : std::vector<protest>{};
    }

    /// Where the directives that are taken stand in the new texts.
    std::vector<position> places_of_taken(const fix_plan& next) const {
        std::map<std::size_t, std::pair<const changed_file*, text_lines>> now;
        for (const auto& file : next.files)
            now.try_emplace(file.file, &file, text_lines(file.text));
        std::vector<position> out;
        for (const auto& one : taken_) {
            const auto& [file, lines] = now.at(one.what.at.file);
            auto offset = one.made.offset + one.made.replacement.find_first_not_of(" \t");
            for (const auto& before : file->edits) {
                if (before == one.made) break;
                offset += before.replacement.size() - before.length;
            }
            const auto line = lines.line_at(offset);
            out.push_back({one.what.at.file, static_cast<std::uint32_t>(line + 1),
                           static_cast<std::uint32_t>(offset - lines.start(line) + 1)});
        }
        return out;
    }

    std::vector<changed_file> files_with(const std::vector<wish>& all) const {
        std::map<std::size_t, std::vector<edit>> edits;
        for (const auto& one : all)
            edits[one.what.at.file].push_back(one.made);
        std::vector<changed_file> out;
        for (auto& [file, here] : edits) {
            put_in_order(here);
            auto text = with_edits(read_.texts[file], here);
            out.push_back({file, std::move(here), std::move(text)});
        }
        return out;
    }

    const configuration& read_;
    const nginx_conf::nginx_version& version_;
    const nginx_conf::file_access& below_;
    const objection& objects_;
    std::vector<std::uint32_t> first_name_;
    std::vector<text_lines> lines_;
    std::map<place, const directive*> directives_;
    complaints_count before_;
    std::vector<wish> taken_;
    std::size_t readings_ = 0;
    fix_plan out_;
};

}  // namespace

std::vector<position> fix_plan::moved(std::vector<position> places, const configuration& before) const {
    for (const auto& file : files) {
        const text_lines old(before.texts[file.file]);
        const text_lines now(file.text);
        // How far the text behind each edit moved.
        std::vector<std::pair<std::size_t, std::size_t>> shifts{{0, 0}};
        for (const auto& one : file.edits)
            shifts.emplace_back(one.offset + one.length, shifts.back().second + one.replacement.size() - one.length);
        for (auto& where : places) {
            const auto offset = where.file == file.file ? old.offset_of(where) : std::nullopt;
            if (!offset) continue;
            const auto behind = std::ranges::upper_bound(shifts, *offset, {}, [](auto& one) { return one.first; });
            const auto to = *offset + std::prev(behind)->second;
            const auto line = now.line_at(to);
            where.line = static_cast<std::uint32_t>(line + 1);
            where.column = static_cast<std::uint32_t>(to - now.start(line) + 1);
        }
    }
    return places;
}

fix_plan plan_fixes(const configuration& read, std::span<const finding> findings,
                    const nginx_conf::nginx_version& version, const nginx_conf::file_access& below,
                    const objection& objects) {
    return planning(read, version, below, objects).plan(findings);
}

}  // namespace firstfin::validate::fixing

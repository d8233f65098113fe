#include "harness/validate/annotation_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/text_value.hpp"
#include "harness/validate/rule.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view marker = "firstfin";
constexpr std::array<std::string_view, 3> keys{"client", "backend", "ignore"};
// No name is longer; what is, is not compared with every name there is.
constexpr std::size_t longest_name = 64;

std::string did_you_mean(std::string_view text, std::span<const std::string_view> known) {
    const auto near = text.size() > longest_name ? std::string_view() : nearest_name(text, known);
    return near.empty() ? std::string() : fmt::format("; did you mean '{}'?", near);
}

std::string shortened(std::string_view text) {
    return text.size() <= longest_name ? std::string(text) : std::string(text.substr(0, longest_name)) + "...";
}

class reading {
public:
    explicit reading(std::string_view comment) : text_(comment.substr(0, comment.find_last_not_of(blanks) + 1)) {}

    comment_reading read() {
        at_ = std::min(text_.find_first_not_of('#'), text_.size());
        skip_blanks();
        if (!text_.substr(at_).starts_with(marker)) return {};
        at_ += marker.size();
        if (!text_.substr(at_).starts_with(':')) {
            complain_about_missing_colon();
            return std::move(out_);
        }
        ++at_;
        skip_blanks();
        if (at_ == text_.size()) complain(0, "says nothing: expected client=, backend= or ignore= after 'firstfin:'");
        while (at_ < text_.size() && out_.errors.empty()) {
            read_word();
            skip_blanks();
        }
        return std::move(out_);
    }

private:
    void complain(std::size_t at, std::string text) { out_.errors.push_back({std::move(text), at}); }

    void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }

    /// "# firstfin client=x" would be silently nothing.
    void complain_about_missing_colon() {
        const auto after = at_;
        skip_blanks();
        for (const auto key : keys)
            if (text_.substr(at_).starts_with(key) && text_.substr(at_ + key.size()).starts_with('='))
                complain(after, "a ':' is missing after 'firstfin'");
    }

    void read_word() {
        const auto start = at_;
        const auto end = std::min(text_.find_first_of(blanks, at_), text_.size());
        const auto word = text_.substr(start, end - start);
        at_ = end;
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) {
            complain(start, fmt::format("'{}' is no KEY=VALUE: expected client=WHO, backend=WHO or ignore=RULE REASON",
                                        shortened(word)));
            return;
        }
        const auto key = word.substr(0, equals);
        const auto known = std::ranges::find(keys, key);
        if (known == keys.end()) {
            complain(start, fmt::format("unknown key '{}'{} (known: client, backend, ignore)", shortened(key),
                                        did_you_mean(key, keys)));
            return;
        }
        const auto value = word.substr(equals + 1);
        if (value.empty()) {
            complain(start, fmt::format("{}= has no value", key));
            return;
        }
        comment_part part;
        part.kind = static_cast<annotation_kind>(known - keys.begin());
        part.what = value;
        part.at = start;
        if (part.kind == annotation_kind::ignore && !read_reason(part, start + equals + 1)) return;
        out_.parts.push_back(std::move(part));
    }

    bool read_reason(comment_part& part, std::size_t value_at) {
        if (find_rule(part.what) == nullptr) {
            std::vector<std::string_view> ids;
            for (const auto& one : all_rules())
                ids.push_back(one.id);
            complain(value_at, fmt::format("there is no rule '{}'{} (--rules lists them)", shortened(part.what),
                                           did_you_mean(part.what, ids)));
            return false;
        }
        skip_blanks();
        part.reason = text_.substr(at_);
        at_ = text_.size();
        if (part.reason.empty())
            complain(part.at,
                     fmt::format("ignore={0} without a reason: write why, as in 'ignore={0} reason'", part.what));
        return !part.reason.empty();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    comment_reading out_;
};

}  // namespace

comment_reading read_comment(std::string_view comment) {
    return reading(comment).read();
}

}  // namespace firstfin::validate

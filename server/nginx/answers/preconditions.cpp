#include "server/nginx/answers/preconditions.hpp"

#include "server/http_request/letters.hpp"
#include "server/nginx/answers/http_time.hpp"

namespace firstfin::nginx {

namespace {

enum class tags : std::uint8_t { strong, weak };

/// Whether a list of tags holds this one (ngx_http_test_if_match): weak comparison ignores W/.
bool lists_tag(std::string_view list, std::string_view etag, tags how) {
    if (list == "*") return true;
    if (etag.empty()) return false;
    if (how == tags::weak && etag.starts_with("W/")) etag.remove_prefix(2);
    while (!list.empty()) {
        if (how == tags::weak && list.starts_with("W/")) list.remove_prefix(2);
        if (list.size() < etag.size()) return false;
        if (list.starts_with(etag)) {
            auto after = list.substr(etag.size());
            while (!after.empty() && (after.front() == ' ' || after.front() == '\t'))
                after.remove_prefix(1);
            if (after.empty() || after.front() == ',') return true;
        }
        // The next element.
        const auto comma = list.find(',');
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma);
        while (!list.empty() && (list.front() == ' ' || list.front() == '\t' || list.front() == ','))
            list.remove_prefix(1);
    }
    return false;
}

}  // namespace

precondition check_preconditions(const http_request::header_list& headers, const validators& of) {
    std::string_view unmodified, match, modified, none_match;
    // One walk: most requests have none of them.
    for (std::size_t at = 0; at != headers.size(); ++at) {
        const auto [name, value] = headers[at];
        if (name.size() < 8 || (name[0] | 0x20) != 'i' || name[2] != '-') continue;
        const auto note = [&, field_name = name, field_value = value](std::string_view wanted, std::string_view& into) {
            if (into.data() == nullptr && http_request::equals_any_case(field_name, wanted)) into = field_value;
        };
        note("if-unmodified-since", unmodified);
        note("if-match", match);
        note("if-modified-since", modified);
        note("if-none-match", none_match);
    }
    if (unmodified.data() != nullptr) {
        const auto asked = parse_http_time(unmodified);
        if (of.last_modified == -1 || !asked || *asked < of.last_modified) return precondition::failed;
    }
    if (match.data() != nullptr && !lists_tag(match, of.etag, tags::strong)) return precondition::failed;
    if (modified.data() == nullptr && none_match.data() == nullptr) return precondition::send;
    if (modified.data() != nullptr) {
        if (of.last_modified == -1) return precondition::send;
        if (parse_http_time(modified).value_or(-1) != of.last_modified) return precondition::send;
    }
    if (none_match.data() != nullptr && !lists_tag(none_match, of.etag, tags::weak)) return precondition::send;
    return precondition::not_modified;
}

bool range_counts(const http_request::header_list& headers, const validators& of) {
    const auto line = headers.find("If-Range");
    if (!line) return true;
    if (line->size() >= 2 && line->ends_with('"')) return !of.etag.empty() && *line == of.etag;
    return of.last_modified != -1 && parse_http_time(*line).value_or(-1) == of.last_modified;
}

}  // namespace firstfin::nginx

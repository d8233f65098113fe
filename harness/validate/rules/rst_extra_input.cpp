#include <set>
#include <tuple>

#include "harness/validate/lingering_off.hpp"
#include "harness/validate/rule.hpp"

namespace firstfin::validate {

namespace {

using place_in_text = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

place_in_text key_of(nginx_conf::position where) {
    return {where.file, where.line, where.column};
}

void look(const facts& about, complaints& into) {
    std::set<place_in_text> worse;
    for (const auto& hop : about.ways.out)
        for (const auto& one : hop.places)
            if (answers_early(one)) worse.insert(key_of(one.values().lingering_close.where));
    for (const auto& hop : about.ways.in) {
        const auto& set = hop.values().lingering_close;
        if (set.value != nginx_conf::lingering::off || worse.contains(key_of(set.where))) continue;
        into.found({.rule = "rst-extra-input",
                    .level = severity::note,
                    .where = set.where,
                    .text =
                        "input behind the last request of a connection (pipelined, or a body nobody reads) turns the "
                        "close into a RST; an unfinished body that nginx discards does not: it is still waited for",
                    .advice = "lingering_close on; (the default) unless slots are scarce",
                    .safe_fix = change{change::kind::replace, set.where, "lingering_close on"},
                    .hops = {hop.name}});
    }
}

}  // namespace

rule rst_extra_input() {
    return {
        .id = "rst-extra-input",
        .title = "without lingering, unread input makes a RST of the close",
        .highest = severity::note,
        .why =
            "lingering_close off removes only the last phase: after the response nginx closes at once. Whatever the "
            "client had sent beyond the last request is then unread input, for which the kernel answers with a RST "
            "instead of a FIN; nobody holds TIME_WAIT, and the client may lose the end of the response. A request body "
            "that is still coming is discarded first, with or without lingering.",
        .mend = "lingering_close on",
        .source = "ngx_http_finalize_connection, ngx_http_discarded_request_body_handler; cases 44 and 45",
        .look = look};
}

}  // namespace firstfin::validate

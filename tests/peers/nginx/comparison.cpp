#include "tests/peers/nginx/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/verdict/wire_reading.hpp"

namespace firstfin::testing {

namespace {

namespace tcp_flag = witness::tcp_flag;

template <class... Kinds>
struct overloaded : Kinds... {
    using Kinds::operator()...;
};

std::string in_quotes(std::string_view text) {
    return text.empty() ? "nothing" : fmt::format("\"{}\"", text);
}

class comparison {
public:
    comparison(const observed_play& seen, const tolerances& allowed)
        : seen_(seen), allowed_(allowed), ends_(ends_of(seen.segments)) {}

    void compare(const std::vector<step>& expected) {
        drop_own_ends(expected);
        for (number_ = 0; number_ < expected.size() && number_ < seen_.steps.size(); ++number_) {
            const auto& observed = seen_.steps[number_];
            if (!observed.failure.empty()) {
                say("{}", observed.failure);
                return;
            }
            std::visit(
                overloaded{[&](const expect_answer& want) { compare_answer(want, observed); },
                           [&](const expect_end& want) { compare_end(want, observed); },
                           [&](const expect_late_bytes& want) {
                               if (want.taken != observed.late_taken)
                                   say("late bytes: expected {}, were {}", late(want.taken), late(observed.late_taken));
                           },
                           [&](const expect_time_wait& want) { compare_time_wait(want, observed); },
                           [&](const expect_server_state& want) { compare_state(want, observed); }, [](const auto&) {}},
                expected[number_]);
        }
        if (seen_.steps.size() < expected.size()) say("not played");
        if (!seen_.left.empty()) {
            number_ = expected.size() - 1;
            say("the server sent more than expected: {}", in_quotes(std::string_view(seen_.left).substr(0, 200)));
        }
    }

    [[nodiscard]] std::vector<std::string> take() { return std::move(out_); }

private:
    template <class... Parts>
    void say(fmt::format_string<Parts...> format, Parts&&... parts) {
        out_.push_back(fmt::format("step {}: {}", number_ + 1, fmt::format(format, std::forward<Parts>(parts)...)));
    }

    static std::string_view late(bool taken) { return taken ? "taken" : "answered by an RST"; }

    /// What the client does by itself is not what the case is about, unless it says so.
    void drop_own_ends(const std::vector<step>& expected) {
        for (const auto kind : {end_kind::client_fin, end_kind::client_rst}) {
            const bool asked = std::ranges::any_of(expected, [&](const step& one) {
                const auto* end = std::get_if<expect_end>(&one);
                return end && end->kind == kind;
            });
            if (!asked) std::erase_if(ends_, [&](const wire_end& one) { return one.kind == kind; });
        }
    }

    void compare_answer(const expect_answer& want, const observed_step& observed) {
        if (want.status == "any") return;
        if (want.status == "none") {
            if (!observed.left.empty()) say("expected no answer, there is {}", in_quotes(observed.left));
            return;
        }
        if (!observed.answer) {
            say("expected the answer {}, none came", want.status);
            return;
        }
        const auto& got = *observed.answer;
        const auto field = [&](std::string_view name, std::string_view wanted, std::string_view is) {
            if (wanted != is) say("{}: expected {}, is {}", name, in_quotes(wanted), in_quotes(is));
        };
        field("status", want.status, got.status);
        if (got.status != "0.9" && got.version != 11) say("version: expected HTTP/1.1, is {}", got.version);
        field("Connection", want.connection, got.connection);
        field("Keep-Alive", want.keep_alive, got.keep_alive);
        if (!want.framing.empty()) field("framing", want.framing, got.framing);
        if (want.cut != got.cut)
            say("body: expected {}, is {} ({} bytes came)", want.cut ? "cut short" : "whole",
                got.cut ? "cut short" : "whole", got.body);
        if (want.empty && got.body > 0) say("body: expected none, {} bytes came", got.body);
        if (got.status == "200" && !want.empty && want.framing != "none" && got.body == 0) say("body: empty");
    }

    void compare_end(const expect_end& want, const observed_step& observed) {
        const auto* got = ended_ < ends_.size() && ends_[ended_].at <= observed.done ? &ends_[ended_] : nullptr;
        if (want.kind == end_kind::open) {
            if (got) say("expected an open connection, saw {} {}", to_text(got->kind), when(*got, want.since));
            return;
        }
        if (!got) {
            say("expected {}, the connection is as it was", to_text(want.kind));
            return;
        }
        ++ended_;
        if (got->kind != want.kind) {
            say("expected {}, saw {} {}", to_text(want.kind), to_text(got->kind), when(*got, want.since));
            return;
        }
        if (want.kind == end_kind::server_fin && ended_ == 1) {
            // The capture's order is not the order of two FINs that crossed; their acknowledgment numbers tell.
            const auto first = read_wire(seen_.segments).first_fin;
            if (first != party::server) say("expected the server's FIN first, first was: {}", to_text(first));
        }
        compare_time(want.after, want.since, want.tolerance, got->at, to_text(want.kind));
    }

    void compare_time_wait(const expect_time_wait& want, const observed_step& observed) {
        if (!observed.time_wait)
            say("TIME_WAIT: the socket tables did not settle");
        else if (*observed.time_wait != want.who)
            say("TIME_WAIT: expected {}, is {}", to_text(want.who), to_text(*observed.time_wait));
    }

    void compare_state(const expect_server_state& want, const observed_step& observed) {
        if (observed.state != want.state) {
            say("server's state: expected {}, is {}", to_text(want.state),
                observed.state ? to_text(*observed.state) : "gone");
            return;
        }
        compare_time(want.after, want.since, {}, observed.done, to_text(want.state));
    }

    void compare_time(double after, moment since, std::optional<double> tolerance, time_point at,
                      std::string_view what) {
        // Only the client's own FIN is not the server's to time.
        if (what == to_text(end_kind::client_fin) || what == to_text(end_kind::client_rst)) return;
        const auto from = time_of(since, at);
        if (!from) {
            say("{}: there is no {} to measure from", what, to_text(since));
            return;
        }
        const double is = seconds_of(at - *from);
        const double early = tolerance.value_or(allowed_.early);
        const double late = tolerance.value_or(allowed_.late) + after * allowed_.part;
        if (is < after - early || is > after + late)
            say("{}: expected {:.3f} s after {} (-{:.3f}, +{:.3f}), came after {:.3f} s", what, after, to_text(since),
                early, late, is);
    }

    [[nodiscard]] std::string when(const wire_end& end, moment since) const {
        const auto from = time_of(since, end.at);
        return from ? fmt::format("{:.3f} s after {}", seconds_of(end.at - *from), to_text(since)) : "";
    }

    [[nodiscard]] std::optional<time_point> time_of(moment since, time_point before) const {
        if (since == moment::signal) return seen_.signalled;
        std::optional<time_point> out;
        for (const auto& one : seen_.segments) {
            const bool server = one.from == side::server;
            if (since == moment::connect && server && one.has(tcp_flag::syn)) return one.at;
            if (since == moment::server_fin && server && one.has(tcp_flag::fin)) return one.at;
            if (one.at > before) break;
            if (one.payload > 0 && since == (server ? moment::answer : moment::send)) out = one.at;
        }
        return out;
    }

    const observed_play& seen_;
    const tolerances& allowed_;
    std::vector<wire_end> ends_;
    std::vector<std::string> out_;
    std::size_t number_ = 0;
    std::size_t ended_ = 0;  ///< ends that steps have asked for so far
};

std::optional<time_point> server_fin_of(const std::vector<witness::segment>& segments) {
    for (const auto& end : ends_of(segments))
        if (end.kind == end_kind::server_fin) return end.at;
    return std::nullopt;
}

}  // namespace

std::vector<wire_end> ends_of(const std::vector<witness::segment>& segments) {
    std::vector<wire_end> out;
    const auto add = [&](end_kind kind, time_point at) {
        if (std::ranges::none_of(out, [&](const wire_end& one) { return one.kind == kind; })) out.push_back({kind, at});
    };
    for (const auto& one : segments) {
        const bool server = one.from == side::server;
        if (one.has(tcp_flag::fin)) add(server ? end_kind::server_fin : end_kind::client_fin, one.at);
        if (one.has(tcp_flag::rst)) add(server ? end_kind::server_rst : end_kind::client_rst, one.at);
    }
    return out;
}

std::vector<std::string> differences(const std::vector<step>& expected, const observed_play& seen,
                                     const tolerances& allowed) {
    comparison one(seen, allowed);
    one.compare(expected);
    return one.take();
}

std::vector<std::string> differences(const std::vector<drained>& expected,
                                     const std::vector<std::vector<witness::segment>>& crowd) {
    std::vector<drained> found;
    for (std::size_t client = 0; client < crowd.size(); ++client) {
        const auto fin = server_fin_of(crowd[client]);
        if (!fin) continue;
        const auto made_before = [&](const auto& one) { return !one.empty() && one.front().at <= *fin; };
        found.push_back({client + 1, static_cast<std::size_t>(std::ranges::count_if(crowd, made_before))});
    }
    const auto missing_in = [](const std::vector<drained>& list, const drained& one) {
        return std::ranges::find(list, one) == list.end();
    };
    std::vector<std::string> out;
    for (const auto& one : expected)
        if (missing_in(found, one))
            out.push_back(fmt::format("expected a FIN for client {} at connection {}", one.client, one.at));
    for (const auto& one : found)
        if (missing_in(expected, one))
            out.push_back(fmt::format("saw a FIN for client {} at connection {}", one.client, one.at));
    return out;
}

}  // namespace firstfin::testing

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/role_protocol.hpp"

namespace firstfin::client {

/// What one connection went through, gathered from its events.
struct connection_story {
    client_close_style style = client_close_style::fin;
    std::uint64_t number = 0;
    std::uint32_t sent = 0;
    std::uint32_t answered = 0;
    std::optional<time_point> connected_at;
    std::optional<time_point> asked_at;     ///< the last request
    std::optional<time_point> answered_at;  ///< the last response byte
    std::optional<role::event> peer;        ///< the server's FIN or RST, when it was noticed
    std::optional<role::event> close;       ///< the client's own close

    void add(const role::event& said);
};

/// The story in sentences: what was asked, who closed first and how long the connection had been idle, the TCP state
/// before the client's own close, and where TIME_WAIT stays.
[[nodiscard]] std::string in_words(const connection_story& story);

/// Collects events and gives back finished stories, one line each.
class story_teller {
public:
    explicit story_teller(client_close_style style) : style_(style) {}

    void add(const role::event& said);
    /// Lines of trials that are done.
    [[nodiscard]] std::vector<std::string> finished();
    /// Lines of whatever is left.
    [[nodiscard]] std::vector<std::string> rest();
    [[nodiscard]] bool any_connect_failed() const { return any_connect_failed_; }

private:
    using trial_story = std::vector<connection_story>;
    void tell(const trial_story& connections);

    client_close_style style_;
    std::map<std::uint64_t, trial_story> trials_;
    std::vector<std::string> lines_;
    bool any_connect_failed_ = false;
};

}  // namespace firstfin::client

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/validate/finding.hpp"
#include "server/nginx_conf/configuration.hpp"
#include "server/nginx_conf/upstream_value.hpp"

// A part of a configuration (sources.hpp) was read through a frame, a file in memory with the blocks around it. What
// that means to those who judge and print.

namespace firstfin::validate {

/// The frame's name, in the folder that includes are taken from.
inline constexpr std::string_view frame_name = "<the blocks around it>";

/// Of what was read: a part, without the rest of its configuration.
[[nodiscard]] bool is_part(const nginx_conf::configuration& read);

/// A bare name: in a part it may be an upstream that another file defines.
[[nodiscard]] bool may_be_upstream(const nginx_conf::pass_target& target);

/// Names passed to that may be upstreams and are none here, at most five, in words; empty when there are none.
/// Printable.
[[nodiscard]] std::string upstreams_of_other_files(const nginx_conf::configuration& read);

/// What was judged, for people: the main file, or of parts the file or the folder ("sites-enabled/") that was named.
[[nodiscard]] std::string judged_name(const nginx_conf::configuration& read);

/// Nobody can look at the frame: what was found in it is moved to the part's first `server` (or else its first
/// directive, or line 1), without its fix. To be called before findings are sorted; without a frame nothing happens.
void leave_frame(std::vector<finding>& findings, const nginx_conf::configuration& read);

}  // namespace firstfin::validate

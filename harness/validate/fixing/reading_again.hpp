#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/nginx_conf/configuration.hpp"

// A configuration read a second time, from texts in memory, to learn what nginx would say of a change.

namespace firstfin::validate::fixing {

/// `texts` stand for `of.files`; only what those include anew comes from `below`.
[[nodiscard]] nginx_conf::configuration read_again(const nginx_conf::configuration& of,
                                                   const std::vector<std::string>& texts,
                                                   const nginx_conf::nginx_version& version,
                                                   const nginx_conf::file_access& below);

/// Errors, warnings and unknown directives, by their text.
using complaints_count = std::map<std::string, std::size_t>;
[[nodiscard]] complaints_count complaints_of(const nginx_conf::configuration& read);

/// One of `after` that is not in `before` or stands there less often.
[[nodiscard]] std::optional<std::string> what_is_new(const complaints_count& before, const complaints_count& after);

/// Errors that whoever read `before` did not take for some (parts of a configuration use names that are elsewhere)
/// are none in `now` either.
void accept(nginx_conf::configuration& now, const nginx_conf::configuration& before);

}  // namespace firstfin::validate::fixing

#pragma once

#include <filesystem>
#include <span>

#include "harness/validate/rule.hpp"
#include "harness/validate/validation.hpp"
#include "server/nginx_conf/file_access.hpp"

// Validations made by hand: what is printed does not hang on what today's rules say.

namespace firstfin::test {

/// Three rules of the four that `sample_validation` has findings or gaps of.
std::span<const validate::rule> sample_rules();

/// Two files of /etc/nginx; a finding of every severity, safe fixes of both kinds, an ignored finding, hops of all
/// sorts, and `alike` that are.
validate::validation sample_validation(int alike = 3);
/// What it was read from.
nginx_conf::file_access sample_files();

/// Nothing that a stranger wrote is harmless: names of files, texts, reasons.
validate::validation hostile_validation();

inline const std::filesystem::path sample_folder = "/etc/nginx";

}  // namespace firstfin::test

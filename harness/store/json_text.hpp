#pragma once

#include <string>
#include <string_view>

namespace firstfin {

/// Appends `text` as a JSON string, quotes included. The result is valid JSON whatever the bytes: what is no UTF-8
/// becomes U+FFFD. Control characters are escaped, those of C1 and DEL too, because JSON is read on terminals.
void append_json_text(std::string& out, std::string_view text);

}  // namespace firstfin

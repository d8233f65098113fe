#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace firstfin::validate::fixing {

/// Words of a directive as they were written, quotes included.
struct raw_words {
    struct extent {
        std::size_t begin = 0;  ///< offsets in the text
        std::size_t end = 0;
    };
    std::vector<extent> words;
    bool has_comment = false;  ///< between the first word and the last
};

/// The words from `begin` up to the ";" or "{" at `end`, by the rules of nginx_conf::statement_reader.
[[nodiscard]] raw_words words_between(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace firstfin::validate::fixing

#pragma once

#include <string>
#include <vector>

#include "server/nginx_conf/position.hpp"

// The plain tree of a configuration: what was written, with nothing decided yet. An `include` stays in the tree, and
// what it brought in follows it among its siblings: to nginx, too, an include is textual.

namespace firstfin::nginx_conf {

/// A word after nginx's own unescaping: \" \' \\ lose the backslash, \t \r \n become characters, every other escape
/// stays as written. Variables stay text.
struct word {
    std::string text;
    position where;  ///< of its first character, the quote if there is one
};

struct directive {
    word name;
    std::vector<word> arguments;
    position head_end;  ///< of the ";" or "{" that ends its words: the line nginx names in its messages
    bool has_block = false;
    std::vector<directive> block;
    position block_end;  ///< of the "}"
    std::string lua;     ///< the body of a *_by_lua_block, as written

    // Reading order across files: messages of several passes sort by it into the order in which nginx would meet them.
    std::uint32_t head_order = 0;
    std::uint32_t end_order = 0;
};

}  // namespace firstfin::nginx_conf

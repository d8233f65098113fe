#include "harness/validate/printing/json_writing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>

#include "harness/store/json_text.hpp"

namespace firstfin::validate::printing {

namespace {

namespace json = boost::json;

void append(std::string& out, const json::value& what, std::size_t depth);

void append_break(std::string& out, std::size_t depth) {
    out += '\n';
    out.append(2 * depth, ' ');
}

void append(std::string& out, const json::array& what, std::size_t depth) {
    const bool in_a_line = std::ranges::none_of(what, [](const auto& one) { return one.is_structured(); });
    out += '[';
    for (const auto& one : what) {
        if (&one != what.data()) out += in_a_line ? ", " : ",";
        if (!in_a_line) append_break(out, depth + 1);
        append(out, one, depth + 1);
    }
    if (!in_a_line) append_break(out, depth);
    out += ']';
}

void append(std::string& out, const json::object& what, std::size_t depth) {
    out += '{';
    bool first = true;
    for (const auto& [name, value] : what) {
        if (!first) out += ',';
        first = false;
        append_break(out, depth + 1);
        append_json_text(out, name);
        out += ": ";
        append(out, value, depth + 1);
    }
    if (!what.empty()) append_break(out, depth);
    out += '}';
}

void append(std::string& out, const json::value& what, std::size_t depth) {
    if (what.is_object())
        append(out, what.get_object(), depth);
    else if (what.is_array())
        append(out, what.get_array(), depth);
    else if (what.is_string())
        append_json_text(out, std::string_view(what.get_string()));
    else if (what.is_double())
        fmt::format_to(std::back_inserter(out), "{:#}", what.get_double());
    else
        out += json::serialize(what);
}

}  // namespace

std::string written(const json::value& what) {
    std::string out;
    append(out, what, 0);
    out += '\n';
    return out;
}

}  // namespace firstfin::validate::printing

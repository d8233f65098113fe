#include "server/nginx_conf/tree_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "server/nginx_conf/lua_block.hpp"
#include "server/nginx_conf/statement_reader.hpp"

namespace firstfin::nginx_conf {

namespace {

// Far above any real configuration, far below what exhausts stack or memory. nginx itself has no such limits: it dies.
constexpr std::size_t most_nested = 128;
constexpr std::size_t most_files_open = 100;
constexpr std::size_t most_files_read = 20'000;
constexpr std::size_t most_bytes = std::size_t{256} << 20U;
constexpr std::size_t most_syntax_errors = 200;

std::string absolute(const std::string& path, const std::string& folder) {
    if (path.starts_with('/') || folder.empty()) return path;
    return folder.ends_with('/') ? folder + path : folder + '/' + path;
}

/// Blocks whose lines are data, and where "include" is a key like any other.
bool takes_includes(const std::string& block_name) {
    return block_name != "split_clients" && block_name != "charset_map";
}

class reading {
public:
    reading(configuration& into, const file_access& access) : out_(into), access_(access) {}

    /// nginx reads them before any file, as if they stood there (-g).
    void read_command_line(const std::string& text) { read_text(std::string(command_line_name), text, out_.tree, ""); }

    void read_main(const std::string& path) {
        const auto slash = path.rfind('/');
        folder_ = slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
        open(path, {}, 0, out_.tree, "");
    }

private:
    void complain(position where, std::uint32_t nginx_line, std::string text) {
        if (++errors_ == most_syntax_errors) {
            text = "too many errors: the rest is not read";
            exhausted_ = true;
        } else if (errors_ > most_syntax_errors) {
            return;
        }
        message what;
        what.where = where;
        what.nginx_line = nginx_line;
        what.order = order_++;
        what.text = std::move(text);
        out_.messages.push_back(std::move(what));
    }

    std::string loop_through(const std::string& path) const {
        std::string chain;
        for (auto name = std::ranges::find(open_, path); name != open_.end(); ++name)
            chain += *name + " -> ";
        return chain + path;
    }

    /// `where` is the include; unknown for the main file.
    void open(const std::string& path, position where, std::uint32_t nginx_line, std::vector<directive>& into,
              const std::string& parent) {
        if (std::ranges::find(open_, path) != open_.end()) {
            complain(where, nginx_line,
                     fmt::format("include loop {}: nginx opens these files until it runs out of descriptors",
                                 loop_through(path)));
            return;
        }
        if (open_.size() == most_files_open || files_read_ == most_files_read || bytes_ > most_bytes) {
            if (!exhausted_) complain(where, nginx_line, fmt::format("too many includes: \"{}\" is not read", path));
            exhausted_ = true;
            return;
        }
        const auto text = access_.read(path);
        if (!text) {
            complain(where, nginx_line, text.error().message);
            return;
        }
        ++files_read_;
        bytes_ += text->size();
        read_text(path, *text, into, parent);
    }

    void read_text(const std::string& path, const std::string& text, std::vector<directive>& into,
                   const std::string& parent) {
        open_.push_back(path);
        // A file included twice is one file, with one name and one text.
        const auto [known, is_new] = numbers_.try_emplace(path, static_cast<std::uint32_t>(out_.files.size()));
        if (is_new) {
            out_.files.push_back(path);
            out_.texts.push_back(text);
        }
        statement_reader reader(text, known->second, [this](position at, std::uint32_t line, std::string what) {
            complain(at, line, std::move(what));
        });
        read_block(reader, into, parent, nullptr);
        open_.pop_back();
    }

    void include(const directive& from, std::vector<directive>& into, const std::string& parent) {
        const auto path = absolute(from.arguments[0].text, folder_);
        const auto where = from.arguments[0].where;
        if (path.find_first_of("*?[") == std::string::npos) {
            open(path, where, from.head_end.line, into, parent);
            return;
        }
        for (const auto& each : access_.glob(path)) {
            if (exhausted_) return;
            open(each, where, from.head_end.line, into, parent);
        }
    }

    /// Until the "}" of `owner`, or the end of the file when that is what `owner` (null) stands for.
    void read_block(statement_reader& reader, std::vector<directive>& into, const std::string& parent,
                    directive* owner) {
        std::vector<word> words;
        while (!exhausted_) {
            const auto how = reader.next(words);
            if (how == statement_end::file_end) {
                if (owner != nullptr) {
                    if (!reader.gave_up())
                        complain(owner->head_end, reader.end().line,
                                 "unexpected end of file, expecting \"}\": the block that begins here has no end");
                    owner->block_end = reader.end();
                }
                return;
            }
            if (how == statement_end::block_end) {
                if (owner != nullptr) {
                    owner->block_end = reader.end();
                    return;
                }
                complain(reader.end(), reader.end().line, "unexpected \"}\"");
                continue;
            }
            read_directive(reader, words, how, into, parent);
        }
    }

    void read_directive(statement_reader& reader, std::vector<word>& words, statement_end how,
                        std::vector<directive>& into, const std::string& parent) {
        directive one;
        const bool has_name = !words.empty();
        if (has_name) {
            one.name = std::move(words.front());
            one.arguments.assign(std::make_move_iterator(words.begin() + 1), std::make_move_iterator(words.end()));
        }
        one.head_end = reader.end();
        one.head_order = order_++;
        one.end_order = one.head_order;
        if (how == statement_end::block_start) {
            one.has_block = true;
            if (holds_lua(one.name.text)) {
                if (reader.skip_lua(one.lua)) one.block_end = reader.end();
            } else if (depth_ == most_nested) {
                complain(one.head_end, one.head_end.line,
                         fmt::format("blocks are nested deeper than {}: the rest is not read", most_nested));
                exhausted_ = true;
            } else {
                ++depth_;
                read_block(reader, one.block, one.name.text, &one);
                --depth_;
            }
            one.end_order = order_++;
        }
        // What a stray "{" holds was read to find its "}"; there is nothing it could be checked as.
        if (!has_name) return;
        const bool includes =
            one.name.text == "include" && one.arguments.size() == 1 && !one.has_block && takes_includes(parent);
        into.push_back(std::move(one));
        if (includes) {
            // By value: the tree grows under it.
            const directive from = into.back();
            include(from, into, parent);
        }
    }

    configuration& out_;
    const file_access& access_;
    std::string folder_;
    std::vector<std::string> open_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::size_t files_read_ = 0;
    std::size_t bytes_ = 0;
    std::size_t depth_ = 0;
    std::size_t errors_ = 0;
    std::uint32_t order_ = 0;
    bool exhausted_ = false;
};

}  // namespace

configuration read_tree(const std::string& path, const std::string& prefix, const reading_options& options) {
    configuration out;
    reading all(out, options.access);
    if (!options.command_line.empty()) all.read_command_line(options.command_line);
    all.read_main(absolute(path, prefix));
    return out;
}

}  // namespace firstfin::nginx_conf

#include "harness/validate/parts.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace firstfin::validate {

namespace {

using nginx_conf::configuration;
using nginx_conf::directive;

/// The frame's number among the files.
std::optional<std::size_t> frame_of(const configuration& read) {
    const auto found = std::ranges::find_if(read.files, [](const auto& file) { return file.ends_with(frame_name); });
    if (found == read.files.end()) return std::nullopt;
    return static_cast<std::size_t>(found - read.files.begin());
}

class foreign_upstreams {
public:
    explicit foreign_upstreams(const configuration& read) {
        walk(read.tree);
        std::erase_if(passed_, [this](const std::string& name) { return own_.contains(nginx_conf::lower_case(name)); });
    }

    [[nodiscard]] std::string in_words() const {
        std::string out;
        std::size_t count = 0;
        for (const auto& name : passed_) {
            if (++count > most_names) return out + ", ...";
            out += (out.empty() ? "" : ", ") + nginx_conf::printable(name);
        }
        return out;
    }

private:
    static constexpr std::size_t most_names = 5;

    void walk(const std::vector<directive>& among) {
        for (const auto& one : among) {
            if (one.name.text == "upstream" && !one.arguments.empty())
                own_.insert(nginx_conf::lower_case(one.arguments[0].text));
            if (one.name.text.ends_with("_pass") && !one.arguments.empty())
                if (const auto target = nginx_conf::read_pass(one); target && may_be_upstream(*target))
                    passed_.insert(target->where.host);
            walk(one.block);
        }
    }

    std::set<std::string> own_;
    std::set<std::string> passed_;
};

}  // namespace

bool is_part(const configuration& read) {
    return frame_of(read).has_value();
}

bool may_be_upstream(const nginx_conf::pass_target& target) {
    const auto& where = target.where;
    return !target.has_variables && where.kind == nginx_conf::address::family::name && !where.port_given &&
           where.host.find('.') == std::string::npos && where.host != "localhost";
}

std::string judged_name(const configuration& read) {
    const auto frame = frame_of(read);
    if (!frame || *frame + 1 >= read.files.size()) return read.main_file();
    const auto* level = &read.tree;
    while (!level->empty() && level->back().name.where.file == *frame && level->back().has_block)
        level = &level->back().block;
    const auto includes = std::ranges::count_if(
        *level, [&](const directive& one) { return one.name.where.file == *frame && one.name.text == "include"; });
    const auto& first = read.files[*frame + 1];
    return includes == 1 ? first : first.substr(0, first.rfind('/') + 1);
}

void leave_frame(std::vector<finding>& findings, const configuration& read) {
    const auto frame = frame_of(read);
    if (!frame || read.files.size() < 2) return;
    const auto number = static_cast<std::uint32_t>(*frame);

    nginx_conf::position target{number == 0 ? 1U : 0U, 1, 1};
    const directive* first = nullptr;
    const directive* server = nullptr;
    // The part's own top level stands within the frame's innermost block, behind the include that brought it in.
    const std::vector<directive>* level = &read.tree;
    while (level != nullptr) {
        const std::vector<directive>* inner = nullptr;
        for (const auto& one : *level) {
            const bool of_frame = one.name.where.file == number;
            if (of_frame && one.has_block && one.name.text != "events") inner = &one.block;
            if (of_frame || one.name.text == "include") continue;
            if (first == nullptr) first = &one;
            if (server == nullptr && one.name.text == "server") server = &one;
        }
        level = inner;
    }
    if (server != nullptr)
        target = server->name.where;
    else if (first != nullptr)
        target = first->name.where;
    for (auto& one : findings) {
        if (one.where.is_known() && one.where.file == number) one.where = target;
        if (one.safe_fix && one.safe_fix->at.file == number) one.safe_fix.reset();
    }
}

std::string upstreams_of_other_files(const configuration& read) {
    return foreign_upstreams(read).in_words();
}

}  // namespace firstfin::validate

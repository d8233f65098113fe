#include "harness/validate/fixing/reading_again.hpp"

#include <algorithm>

namespace firstfin::validate::fixing {

using nginx_conf::configuration;

configuration read_again(const configuration& of, const std::vector<std::string>& texts,
                         const nginx_conf::nginx_version& version, const nginx_conf::file_access& below) {
    std::map<std::string, const std::string*, std::less<>> known;
    nginx_conf::reading_options how;
    for (std::size_t i = 0; i < of.files.size(); ++i) {
        if (of.files[i] == nginx_conf::command_line_name)
            how.command_line = texts[i];
        else
            known.try_emplace(of.files[i], &texts[i]);
    }
    how.version = version;
    how.access.read = [&](const std::string& path) -> result<std::string> {
        const auto found = known.find(path);
        if (found == known.end()) return below.read(path);
        return result<std::string>(boost::system::in_place_value, *found->second);
    };
    how.access.glob = [&](const std::string& pattern) {
        // A name that was read as it stands, whatever characters it has.
        return known.contains(pattern) ? std::vector<std::string>{pattern} : below.glob(pattern);
    };
    return nginx_conf::read_configuration(of.main_file(), "", how);
}

complaints_count complaints_of(const configuration& read) {
    complaints_count out;
    for (const auto& one : read.messages)
        if (one.level != nginx_conf::severity::note || one.unknown_directive) ++out[one.text];
    return out;
}

std::optional<std::string> what_is_new(const complaints_count& before, const complaints_count& after) {
    for (const auto& [text, count] : after) {
        const auto had = before.find(text);
        if (count > (had == before.end() ? 0 : had->second)) return text;
    }
    return std::nullopt;
}

void accept(configuration& now, const configuration& before) {
    if (!before.is_valid()) return;
    for (auto& one : now.messages)
        if (one.level == nginx_conf::severity::emerg) one.level = nginx_conf::severity::note;
}

}  // namespace firstfin::validate::fixing

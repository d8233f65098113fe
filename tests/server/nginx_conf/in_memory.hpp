#pragma once

#include <map>
#include <string>

#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx_conf::test {

/// "n.conf" is the main file; the folder is /c.
inline configuration read_files(const std::map<std::string, std::string>& texts,
                                const nginx_version& version = newest_known) {
    std::map<std::string, std::string> by_path;
    for (const auto& [name, text] : texts)
        by_path["/c/" + name] = text;
    reading_options options;
    options.version = version;
    options.access = files_in_memory(by_path);
    return read_configuration("/c/n.conf", "", options);
}

inline configuration read_text(const std::string& text, const nginx_version& version = newest_known) {
    return read_files({{"n.conf", text}}, version);
}

/// Every message, a line each, with the folder left out.
inline std::string all_messages(const configuration& read) {
    std::string out;
    for (const auto& each : read.messages) {
        auto line = read.in_words(each);
        for (auto at = line.find("/c/"); at != std::string::npos; at = line.find("/c/"))
            line.erase(at, 3);
        out += line + "\n";
    }
    return out;
}

}  // namespace firstfin::nginx_conf::test

#include "tests/harness/validate/labelled_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace firstfin::test {

namespace {

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string word; in >> word;)
        out.push_back(word);
    return out;
}

/// "#! rule severity, rule severity" at the end of a line.
void read_labels(const std::string& line, std::size_t number, labelled_case& into) {
    const auto at = line.find("#! ");
    if (at == std::string::npos) return;
    const auto words = words_of(line.substr(at + 3));
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
        auto level = words[i + 1];
        if (level.ends_with(',')) level.pop_back();
        into.expected.insert(fmt::format("{}:{}:{}", words[i], number, level));
    }
}

void read_file(const std::filesystem::path& path, std::vector<labelled_case>& into) {
    std::ifstream in(path);
    bool in_text = false;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("== ")) {
            into.push_back({line.substr(3), path.filename().string(), {}, {}, {}, {}});
            in_text = false;
            number = 0;
        } else if (in_text) {
            read_labels(line, ++number, into.back());
            into.back().text += line + "\n";
        } else if (line == "---") {
            in_text = true;
        } else if (line.starts_with("options:")) {
            into.back().options = words_of(line.substr(8));
        } else if (line.starts_with("near-miss: ")) {
            into.back().near_misses.insert(line.substr(11));
        }
    }
}

}  // namespace

std::vector<labelled_case> labelled_cases() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(FIRSTFIN_LABELLED))
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<labelled_case> out;
    for (const auto& file : files)
        read_file(file, out);
    return out;
}

}  // namespace firstfin::test

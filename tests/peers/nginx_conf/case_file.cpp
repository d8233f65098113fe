#include "tests/peers/nginx_conf/case_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace firstfin::test {

namespace {

constexpr auto quiet_http =
    "pid DIR/pid; error_log stderr; events {} http { access_log off; client_body_temp_path DIR/1; proxy_temp_path "
    "DIR/2; "
    "fastcgi_temp_path DIR/3; uwsgi_temp_path DIR/4; scgi_temp_path DIR/5;";

std::pair<std::string, std::string> wrapping(const std::string& name) {
    const std::string http = quiet_http;
    if (name == "main") return {"pid DIR/pid; error_log stderr; events {}\n", ""};
    if (name == "http") return {http + "\n", "}\n"};
    if (name == "server") return {http + " server { listen 18079;\n", "} }\n"};
    if (name == "location") return {http + " server { listen 18079; location / {\n", "} } }\n"};
    if (name == "raw" || name == "escaped") return {"", ""};
    throw std::runtime_error("unknown wrapping " + name);
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::string decoded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') continue;
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        switch (text.at(++i)) {
            case 'r':
                out += '\r';
                break;
            case 'n':
                out += '\n';
                break;
            case 't':
                out += '\t';
                break;
            case 'f':
                out += '\f';
                break;
            case 'x':
                out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
                i += 2;
                break;
            default:
                throw std::runtime_error("unknown escape in a case");
        }
    }
    return out;
}

std::string with_repeats(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto end = text[i] == '%' ? text.find('%', i + 1) : std::string::npos;
        const auto digits = end == std::string::npos ? std::string() : text.substr(i + 1, end - i - 1);
        const bool repeat =
            !digits.empty() && std::ranges::all_of(digits, [](char ch) { return ch >= '0' && ch <= '9'; });
        if (!repeat) {
            out += text[i++];
            continue;
        }
        out += std::string(std::stoul(digits), 'x');
        i = end + 1;
    }
    return out;
}

std::string finished(const std::string& kind, std::string text, const std::string& folder) {
    while (text.ends_with("\n\n"))
        text.pop_back();
    if (text == "\n") text.clear();
    if (kind == "escaped") return decoded(text);
    const auto [before, after] = wrapping(kind);
    auto out = before + with_repeats(text) + after;
    replace_all(out, "DIR", folder);
    return out;
}

void read_verdict(const std::string& text, nginx_case& into) {
    std::istringstream words(text);
    std::string verdict;
    std::string place;
    words >> verdict >> place;
    into.good = verdict == "good";
    if (!into.good && verdict != "bad") throw std::runtime_error("no verdict for " + into.name);
    const auto colon = place.rfind(':');
    into.file = colon == std::string::npos ? "nginx.conf" : place.substr(0, colon);
    if (!place.empty())
        into.line =
            static_cast<std::uint32_t>(std::stoul(colon == std::string::npos ? place : place.substr(colon + 1)));
}

void read_file(const std::filesystem::path& path, const std::string& folder, std::vector<nginx_case>& into) {
    std::ifstream in(path);
    std::string file;
    std::string kind;
    std::string text;
    const auto close = [&] {
        if (!file.empty()) into.back().texts[file] = finished(kind, text, folder);
        text.clear();
    };
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line.size() > 3 ? line.substr(3) : "");
        if (line.starts_with("== ")) {
            close();
            into.emplace_back();
            std::string rest;
            words >> into.back().name >> kind;
            std::getline(words, rest);
            read_verdict(rest, into.back());
            file = "nginx.conf";
            kind.erase(0, 1);
        } else if (line.starts_with("-- ")) {
            close();
            kind = "@raw";
            words >> file >> kind;
            kind.erase(0, 1);
        } else {
            text += line + "\n";
        }
    }
    close();
}

}  // namespace

std::vector<nginx_case> read_nginx_cases(const std::string& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& each : std::filesystem::directory_iterator(FIRSTFIN_NGINX_CASES))
        if (each.path().extension() == ".cases") paths.push_back(each.path());
    std::ranges::sort(paths);
    std::vector<nginx_case> out;
    for (const auto& each : paths)
        read_file(each, folder, out);
    return out;
}

}  // namespace firstfin::test

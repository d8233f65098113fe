#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/http_request/request_rules.hpp"
#include "server/nginx/answers/access_log.hpp"
#include "server/nginx/answers/served.hpp"

namespace firstfin::nginx {

/// One listening address: its servers by name.
struct served_listen {
    const served_server* default_server = nullptr;
    std::unordered_map<std::string, const served_server*, text_hash, std::equal_to<>> by_name;
    bool has_patterns = false;  ///< wildcards or regular expressions, which are asked when no name fits exactly
    http_request::request_rules rules;
};

/// Everything a site is made of; see preparation.hpp for how it comes about.
struct site_data {
    nginx_conf::http_settings settings;
    std::vector<std::string> files;
    std::string prefix;
    process_facts process;
    std::vector<std::string> notes;

    std::vector<std::unique_ptr<special_pages>> pages;
    std::vector<std::unique_ptr<content_type_table>> type_tables;
    std::vector<std::unique_ptr<log_file>> log_files;
    std::vector<std::unique_ptr<access_log>> logs;
    std::vector<std::unique_ptr<served_server>> servers;
    std::vector<served_listen> listens;

    /// `host` as http_request::request has it.
    [[nodiscard]] const served_server& server_for(std::size_t listen, std::string_view host) const;
};

}  // namespace firstfin::nginx

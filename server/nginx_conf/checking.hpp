#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "server/nginx_conf/address.hpp"
#include "server/nginx_conf/configuration.hpp"
#include "server/nginx_conf/directive_table.hpp"
#include "server/nginx_conf/listen_value.hpp"
#include "server/nginx_conf/location_match.hpp"

// What the checks of check*.cpp share: the messages so far and what nginx remembers while it reads.

namespace firstfin::nginx_conf {

/// One block while it is read: nginx's configuration structure of that level.
struct block_scope {
    context where = context::main;
    block_scope* parent = nullptr;
    const directive* owner = nullptr;  ///< null for the main context

    std::set<const void*> used;           ///< rules of directives that may stand here once
    const directive* root = nullptr;      ///< or alias
    bool passes = false;                  ///< has a proxy_pass
    std::optional<location_match> match;  ///< of a location; `if` and limit_except blocks have their location's
    std::map<std::string, const directive*> exact_locations;
    std::map<std::string, const directive*> prefix_locations;

    // Of an upstream.
    std::size_t upstream_servers = 0;
    bool balanced = false;  ///< has a balancing method other than round robin
    bool takes_backup = true;
    std::size_t backups = 0;
};

/// A name that is an upstream block, or an address somebody passes to.
struct upstream_name {
    const directive* block = nullptr;
    const directive* first_with_port = nullptr;
    std::uint16_t port = 0;
};

struct listened_address {
    std::string text;
    bool has_options = false;
    const directive* default_server = nullptr;  ///< the one marked so
    std::vector<const directive*> servers;
    bool ssl = false;
};

class checking {
public:
    checking(configuration& into, const nginx_version& of) : version(of), out_(into) {}

    /// About a word of a statement, met when the statement ended.
    void emerg(const directive& of, const word& about, std::string text) {
        add(severity::emerg, of, about.where, std::move(text));
    }
    void warn(const directive& of, const word& about, std::string text) {
        add(severity::warn, of, about.where, std::move(text));
    }
    /// About a whole block, met at its end.
    void emerg_at_end(const directive& block, std::string text);
    /// Found only when everything in http was read; nginx then names the place of `about`, or none (line 0).
    void emerg_after(const directive& http, position about, std::uint32_t nginx_line, std::string text);
    void warn_after(const directive& http, position about, std::string text);
    void emerg_without_place(std::string text);
    void unknown(const directive& of, std::string text);

    void check_block(const std::vector<directive>& block, block_scope& scope);
    /// `text` as a value with variables.
    bool variables_fine(const directive& of, const word& text);
    bool pattern_compiles(const directive& of, const word& about, const std::string& pattern, bool ignore_case);
    /// False, with a message, at the second use in this block.
    bool first_use(const directive& of, block_scope& scope);

    nginx_version version;
    // Of the http block.
    std::set<std::string> log_formats;
    std::unordered_map<std::string, upstream_name> upstreams;
    std::map<std::string, listened_address> addresses;
    const directive* http = nullptr;
    std::vector<const directive*> passes_without_port;

private:
    void add(severity level, const directive& of, position where, std::string text);
    void check_directive(const directive& one, block_scope& scope);
    void check_value(const directive& one, const directive_rule& rule, block_scope& scope);
    void check_words(const directive& one, const directive_rule& rule);

    configuration& out_;
};

/// A check of a directive whose arguments or block need more than a value_kind. It descends into blocks itself.
using special_check = void (*)(checking&, const directive&, block_scope&);
/// `rule`, because one name may mean two things ("server").
[[nodiscard]] special_check special_check_for(std::string_view name, context where);

// check_location.cpp
void check_server(checking&, const directive&, block_scope&);
void check_location(checking&, const directive&, block_scope&);
void check_limit_except(checking&, const directive&, block_scope&);
void check_root(checking&, const directive&, block_scope&);
void check_server_name(checking&, const directive&, block_scope&);
void check_listen(checking&, const directive&, block_scope&);
void check_keepalive_timeout(checking&, const directive&, block_scope&);
void check_error_page(checking&, const directive&, block_scope&);
void check_index(checking&, const directive&, block_scope&);
void check_try_files(checking&, const directive&, block_scope&);
void check_add_header(checking&, const directive&, block_scope&);
/// Everything that nginx finds out when the http block ends.
void check_after_http(checking&, const directive& http);
// check_rewrite.cpp
void check_if(checking&, const directive&, block_scope&);
void check_set(checking&, const directive&, block_scope&);
void check_rewrite(checking&, const directive&, block_scope&);
void check_return(checking&, const directive&, block_scope&);
// check_upstream.cpp
void check_upstream(checking&, const directive&, block_scope&);
void check_upstream_server(checking&, const directive&, block_scope&);
void check_upstream_keepalive(checking&, const directive&, block_scope&);
void check_balancing(checking&, const directive&, block_scope&);
void check_proxy_pass(checking&, const directive&, block_scope&);
void check_other_pass(checking&, const directive&, block_scope&);
// check_data.cpp
void check_types(checking&, const directive&, block_scope&);
void check_map(checking&, const directive&, block_scope&);
void check_geo(checking&, const directive&, block_scope&);
void check_split_clients(checking&, const directive&, block_scope&);
void check_access(checking&, const directive&, block_scope&);
void check_access_log(checking&, const directive&, block_scope&);
void check_log_format(checking&, const directive&, block_scope&);
void check_error_log(checking&, const directive&, block_scope&);

}  // namespace firstfin::nginx_conf

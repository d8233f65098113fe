#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/http_request/refusal.hpp"
#include "server/nginx/answers/answer.hpp"
#include "server/nginx/answers/head_writer.hpp"
#include "server/nginx/answers/open_file.hpp"
#include "server/nginx/answers/ranges.hpp"
#include "server/nginx/answers/site_data.hpp"

namespace firstfin::nginx {

/// One request on its way through nginx's phases, each a function that ends in the next, in a status for finalize() or
/// in a written answer. The state is what ngx_http_request_t has of it, and the names are nginx's where it has some.
class answering {
public:
    answering(const site_data& all, const exchange& what, answer& out);

    void run();
    void refuse(const http_request::refusal& why);

private:
    /// A status to finalize with, or this: the answer is written, or somebody else does it.
    static constexpr int done = 0;
    static constexpr int declined = -1;

    /// What the body is made of: text that lives long enough, or a file.
    struct content {
        std::string_view text;
        std::string_view text_behind;
        int fd = -1;
        std::int64_t size = 0;
        bool allows_ranges = false;
    };

    // phases.cpp
    void enter_server();
    void find_location();
    void enter_location();
    void update_location();
    void internal_redirect(std::string_view uri, std::string_view args);
    void named_location(std::string_view name);
    int run_return(const served_return& from);
    int discard();

    // files.cpp
    [[nodiscard]] int try_files(const served_try& from);
    [[nodiscard]] int index();
    [[nodiscard]] int missing_index(int error);
    [[nodiscard]] int static_file();
    void redirect_to_folder();

    // special_response.cpp
    void finalize(int status);
    void special_response(int status);
    void send_error_page(const served_error_page& page);
    int send_special_page(int status);
    void say_nothing(int status);

    // filters.cpp
    int send(const content& body);
    void set_content_type();
    int preconditions();
    void add_headers();
    void ssi();
    [[nodiscard]] int ranges(const content& body);
    void chunking();
    void write_head();
    void write_body(const content& body);
    void write_content(const content& body);
    void write_file(const content& body, std::int64_t begin, std::int64_t size);
    void write_text(std::string_view text);
    [[nodiscard]] bool head_only() const;
    [[nodiscard]] std::string part_head(const byte_range& part, std::int64_t size) const;

    [[nodiscard]] moment now() const;
    void set_location(std::string value);

    const site_data& all_;
    const exchange& what_;
    const http_request::request& request_;
    answer& out_;

    const served_server* server_ = nullptr;
    const served_location* location_ = nullptr;
    http_request::method verb_;
    unsigned version_;
    std::string_view args_;

    bool keeps_alive_ = false;
    bool internal_ = false;
    bool in_error_page_ = false;
    bool expect_tested_ = false;
    bool discarded_ = false;
    bool adds_uri_to_alias_ = false;
    bool filter_failed_ = false;  ///< r->filter_finalize
    int uri_changes_ = 11;
    int err_status_ = 0;

    response_head head_;
    bool has_location_ = false;
    std::string location_value_;
    std::string content_type_;  ///< when it is one of its own
    std::string scratch_;

    bool allows_ranges_ = false;
    std::vector<byte_range> ranges_;
    std::string boundary_;
    std::string part_type_;
    std::shared_ptr<const open_file> file_;
};

}  // namespace firstfin::nginx

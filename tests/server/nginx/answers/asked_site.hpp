#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "server/http_request/request_parser.hpp"
#include "server/nginx/answers/site.hpp"
#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx::test {

/// A site made of a text, and one connection on which requests are asked of it.
class asked_site {
public:
    explicit asked_site(const std::string& http, const nginx_conf::nginx_version& version = nginx_conf::newest_known) {
        nginx_conf::reading_options options;
        options.version = version;
        options.access = nginx_conf::files_in_memory({{"/c/n.conf", "events {}\nhttp {\n" + http + "\n}\n"}});
        const auto read = nginx_conf::read_configuration("/c/n.conf", "", options);
        if (!read.is_valid()) throw std::logic_error(read.in_words(read.messages.front()));
        site_ = std::make_unique<site>(nginx_conf::effective(read, version), read.files, "/nowhere/");
        parser_ = http_request::request_parser(site_->rules(0));
        connection.number = 1;
        connection.requests = 1;
        connection.accepted = clock.now();
        connection.remote = endpoint(boost::asio::ip::address_v4::loopback(), 40000);
        connection.local = endpoint(boost::asio::ip::address_v4::loopback(), 8080);
    }

    /// Keeps the request it is about: parse() and ask() with what a test wants to change between them.
    void parse(std::string bytes) {
        bytes_ = std::move(bytes);
        parser_.reset();
        state_ = parser_.feed(bytes_);
        if (state_ == http_request::request_parser::progress::wants_more) throw std::logic_error("half a request");
    }
    [[nodiscard]] exchange about() const {
        return {.request = parser_.get(), .connection = connection, .clock = clock, .began = clock.now()};
    }
    answer ask(const exchange& what) {
        answer out;
        if (state_ == http_request::request_parser::progress::refused)
            site_->answer_to_refused(what, parser_.why(), out);
        else
            site_->answer_to(what, out);
        return out;
    }
    answer ask(const std::string& bytes) {
        parse(bytes);
        return ask(about());
    }
    answer get(const std::string& target, const std::string& lines = "") {
        return ask("GET " + target + " HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\n");
    }

    site& operator*() { return *site_; }
    site* operator->() { return site_.get(); }

    worker_clock clock;
    connection_facts connection;

private:
    std::unique_ptr<site> site_;
    std::string bytes_;
    http_request::request_parser parser_;
    http_request::request_parser::progress state_{};
};

/// What stands behind "Name: "; empty when there is no such line.
inline std::string line_of(const answer& said, const std::string& name) {
    const auto at = said.bytes.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return said.bytes.substr(begin, said.bytes.find("\r\n", begin) - begin);
}

inline std::string body_of(const answer& said) {
    return said.bytes.substr(said.head_size);
}

}  // namespace firstfin::nginx::test

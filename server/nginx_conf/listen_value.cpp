#include "server/nginx_conf/listen_value.hpp"

#include <fmt/format.h>

namespace firstfin::nginx_conf {

namespace {

/// "idle:interval:count", each part may be empty, not all of them.
std::optional<tcp_keepalive> parse_keepalive(std::string_view text) {
    tcp_keepalive out;
    if (text == "on") return out;
    if (text == "off") {
        out.on = false;
        return out;
    }
    std::string_view parts[3];
    parts[0] = text.substr(0, text.find(':'));
    if (parts[0].size() < text.size()) {
        const auto rest = text.substr(parts[0].size() + 1);
        parts[1] = rest.substr(0, rest.find(':'));
        if (parts[1].size() < rest.size()) parts[2] = rest.substr(parts[1].size() + 1);
    }
    const auto time = [](std::string_view part, seconds& into) {
        if (part.empty()) return true;
        const auto value = parse_seconds(part);
        into = value.value_or(seconds(0));
        return value.has_value();
    };
    if (!time(parts[0], out.idle) || !time(parts[1], out.interval)) return std::nullopt;
    if (!parts[2].empty()) {
        const auto count = parse_number(parts[2]);
        if (!count) return std::nullopt;
        out.count = *count;
    }
    if (out.idle.count() == 0 && out.interval.count() == 0 && out.count == 0) return std::nullopt;
    return out;
}

class listen_reader {
public:
    listen_reader(const directive& from, const nginx_version& version) : from_(from), version_(version) {}

    listen_reading read() {
        const auto& first = from_.arguments.front();
        const auto where = parse_listen_address(first.text);
        if (!where) {
            complain(first, fmt::format("{} in \"{}\" of the \"listen\" directive", where.error().message, first.text));
            return std::move(out_);
        }
        value_.where = *where;
        for (std::size_t i = 1; i < from_.arguments.size(); ++i)
            parameter(from_.arguments[i]);
        out_.value = value_;
        return std::move(out_);
    }

private:
    void complain(const word& about, std::string text) { out_.errors.push_back({about.where, std::move(text)}); }

    /// The text behind "name="; marks the socket as having options of its own.
    bool option(const word& given, std::string_view name, std::string_view& value) {
        if (!given.text.starts_with(name)) return false;
        value = std::string_view(given.text).substr(name.size());
        value_.sets_options = value_.bind = true;
        return true;
    }

    void parameter(const word& given) {
        const std::string_view text = given.text;
        std::string_view value;
        if (text == "default_server" || text == "default") {
            value_.default_server = true;
        } else if (text == "ssl") {
            value_.ssl = true;
        } else if (text == "http2") {
            value_.http2 = true;
        } else if (text == "proxy_protocol") {
            value_.proxy_protocol = true;
        } else if (text == "quic" && version_ >= nginx_version{1, 25, 0}) {
            value_.quic = true;
        } else if (text == "multipath" && version_ >= nginx_version{1, 29, 7}) {
            value_.sets_options = value_.bind = true;
        } else if (text == "bind") {
            value_.sets_options = value_.bind = true;
        } else if (text == "reuseport") {
            value_.sets_options = value_.bind = value_.reuseport = true;
        } else if (text == "deferred") {
            value_.sets_options = value_.bind = value_.deferred = true;
        } else if (option(given, "backlog=", value)) {
            const auto number = parse_number(value);
            if (!number || *number == 0) return complain(given, fmt::format("invalid backlog \"{}\"", text));
            value_.backlog = *number;
        } else if (option(given, "rcvbuf=", value)) {
            value_.rcvbuf = parse_size(value);
            if (!value_.rcvbuf) complain(given, fmt::format("invalid rcvbuf \"{}\"", text));
        } else if (option(given, "sndbuf=", value)) {
            value_.sndbuf = parse_size(value);
            if (!value_.sndbuf) complain(given, fmt::format("invalid sndbuf \"{}\"", text));
        } else if (option(given, "fastopen=", value)) {
            value_.fastopen = parse_number(value);
            if (!value_.fastopen) complain(given, fmt::format("invalid fastopen \"{}\"", text));
        } else if (option(given, "ipv6only=o", value)) {
            if (value != "n" && value != "ff")
                return complain(given, fmt::format("invalid ipv6only flags \"o{}\"", value));
            value_.ipv6only = value == "n";
        } else if (option(given, "so_keepalive=", value)) {
            value_.so_keepalive = parse_keepalive(value);
            if (!value_.so_keepalive) complain(given, fmt::format("invalid so_keepalive value: \"{}\"", value));
        } else if (text.starts_with("accept_filter=")) {
            // FreeBSD's; nginx on Linux logs an error and goes on.
        } else {
            // setfib=, too, is FreeBSD's, and unknown on Linux.
            complain(given, fmt::format("invalid parameter \"{}\"", text));
        }
    }

    const directive& from_;
    nginx_version version_;
    listen_value value_;
    listen_reading out_;
};

}  // namespace

listen_reading read_listen(const directive& from, const nginx_version& version) {
    return listen_reader(from, version).read();
}

}  // namespace firstfin::nginx_conf

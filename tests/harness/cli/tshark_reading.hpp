#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/installation.hpp"

// Another reader of the same capture: tshark's fields, and a reading of them that shares no code with ours.

namespace firstfin::test {

/// One segment as tshark prints it. Numbers are absolute.
struct line {
    bool from_server = false;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t length = 0;
    unsigned flags = 0;
};

/// "client>server" to the segments of a connection; the server is where the SYN went.
inline std::map<std::string, std::vector<line>> read_with_tshark(const installation& here) {
    const auto text =
        here.shell(
                "tshark -r run/capture.pcap -o tcp.relative_sequence_numbers:FALSE -T fields -E separator=, "
                "-e ip.src -e tcp.srcport -e ip.dst -e tcp.dstport -e tcp.seq -e tcp.ack -e tcp.len -e tcp.flags tcp "
                "2>/dev/null")
            .out;
    std::map<std::string, std::vector<line>> out;
    std::set<std::string> servers;
    std::istringstream in(text);
    for (std::string row; std::getline(in, row);) {
        std::vector<std::string> cells;
        std::istringstream fields(row);
        for (std::string cell; std::getline(fields, cell, ',');)
            cells.push_back(cell);
        if (cells.size() != 8) continue;
        line one;
        const auto source = cells[0] + ":" + cells[1];
        const auto target = cells[2] + ":" + cells[3];
        one.seq = static_cast<std::uint32_t>(std::stoul(cells[4]));
        one.ack = static_cast<std::uint32_t>(std::stoul(cells[5]));
        one.length = static_cast<std::uint32_t>(std::stoul(cells[6]));
        one.flags = static_cast<unsigned>(std::stoul(cells[7], nullptr, 16));
        constexpr unsigned syn = 2;
        constexpr unsigned ack = 16;
        if ((one.flags & (syn | ack)) == syn) servers.insert(target);
        one.from_server = servers.contains(source);
        out[one.from_server ? target + ">" + source : source + ">" + target].push_back(one);
    }
    return out;
}

inline std::string first_fin_of(const std::vector<line>& segments) {
    const line* fin[2] = {nullptr, nullptr};
    for (const auto& one : segments)
        if ((one.flags & 1U) != 0 && fin[one.from_server] == nullptr) fin[one.from_server] = &one;
    if (fin[0] == nullptr && fin[1] == nullptr) return "none";
    if (fin[0] == nullptr) return "server";
    if (fin[1] == nullptr) return "client";
    // The FIN takes one sequence number after its segment's data; whoever acknowledges it comes second.
    const bool client_second = fin[0]->ack == fin[1]->seq + fin[1]->length + 1;
    const bool server_second = fin[1]->ack == fin[0]->seq + fin[0]->length + 1;
    if (client_second) return "server";
    return server_second ? "client" : "both";
}

inline std::string reset_of(const std::vector<line>& segments) {
    for (const auto& one : segments)
        if ((one.flags & 4U) != 0) return one.from_server ? "server" : "client";
    return "none";
}

/// Compares every trial of the run kept in "run"; answers how many there were.
inline std::size_t compare(const installation& here, const std::string& report) {
    const auto seen = read_with_tshark(here);
    std::istringstream trials(report);
    std::size_t compared = 0;
    for (std::string text; std::getline(trials, text); ++compared) {
        const auto trial = boost::json::parse(text).as_object();
        const auto& timeline = trial.at("timeline");
        const auto name =
            std::string(timeline.at("client").as_string()) + ">" + std::string(timeline.at("server").as_string());
        const auto found = seen.find(name);
        if (found == seen.end()) {
            ADD_FAILURE() << name << " is not in the capture";
            continue;
        }
        EXPECT_EQ(trial.at("verdict").at("first_fin").as_string(), first_fin_of(found->second)) << name;
        EXPECT_EQ(trial.at("verdict").at("reset").as_string(), reset_of(found->second)) << name;
        EXPECT_EQ(trial.at("verdict").at("conflict").as_string(), "") << name;
    }
    return compared;
}

}  // namespace firstfin::test

#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <sstream>
#include <string>

namespace firstfin::test {

/// What the verdict of a trial and the reading of its capture must agree on, as text; by "client>server".
inline std::map<std::string, std::string> told_by_report(const std::string& lines) {
    std::map<std::string, std::string> out;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) {
        const auto trial = boost::json::parse(line).as_object();
        const auto& verdict = trial.at("verdict");
        const auto& requests = verdict.at("requests");
        const auto text = [&verdict](const char* name) { return std::string(verdict.at(name).as_string()); };
        const auto* lost = requests.at("stale_reuse") != 0 ? "stale_reuse"
                           : requests.at("true_race") != 0 ? "true_race"
                                                           : "none";
        out[std::string(trial.at("timeline").at("client").as_string()) + ">" +
            std::string(trial.at("timeline").at("server").as_string())] =
            text("first_fin") + " " + text("reset") + " " + text("ending") + " " +
            boost::json::serialize(requests.at("sent")) + " " + lost;
    }
    return out;
}

inline std::map<std::string, std::string> told_by_read(const std::string& lines) {
    std::map<std::string, std::string> out;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) {
        const auto one = boost::json::parse(line).as_object();
        const auto text = [&one](const char* name) { return std::string(one.at(name).as_string()); };
        const auto name = text("client") + ">" + text("server");
        EXPECT_EQ(out.count(name), 0U) << "twice: " << name;
        out[name] = text("first_fin") + " " + text("reset") + " " + text("ending") + " " +
                    boost::json::serialize(one.at("requests")) + " " + text("lost");
    }
    return out;
}

}  // namespace firstfin::test

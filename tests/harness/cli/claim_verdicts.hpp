#pragma once

#include <cstring>
#include <map>
#include <set>
#include <sstream>
#include <string>

namespace firstfin::test {

/// Verdict by claim and experiment, from `claims --format csv`.
inline std::map<std::string, std::set<std::string>> verdicts(const std::string& csv) {
    std::map<std::string, std::set<std::string>> out;
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line))
        for (const auto* verdict :
             {",reproduced,", ",not reproduced,", ",undecided,", ",not shown,", ",nothing claimed,"})
            if (line.find(verdict) != std::string::npos)
                out[line.substr(0, line.find(','))].insert(std::string(verdict).substr(1, std::strlen(verdict) - 2));
    return out;
}

}  // namespace firstfin::test

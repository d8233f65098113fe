#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

// Small configurations with the verdict of nginx -t, in tests/peers/nginx_conf/cases. A case:
//
//   == NAME @WRAPPING VERDICT
//   text
//   -- other-file.conf
//   text of a file it includes
//
// WRAPPING says what goes around the text (`location`: an http block, a server and a location), always with the text
// beginning at line 2; `raw` is nothing, `escaped` nothing with \xNN, \r, \n, \t, \f decoded and line ends dropped.
// %N% is N times an x, DIR the folder. VERDICT is "good", "bad", "bad LINE" or "bad FILE:LINE".

namespace firstfin::test {

struct nginx_case {
    std::string name;
    bool good = false;
    std::string file;                          ///< where nginx sees the error; "nginx.conf" unless another is named
    std::uint32_t line = 0;                    ///< 0: nginx names none
    std::map<std::string, std::string> texts;  ///< by file name; "nginx.conf" is the main one
};

/// Every case of every file there, with `folder` put in for DIR.
std::vector<nginx_case> read_nginx_cases(const std::string& folder);

}  // namespace firstfin::test

#include "harness/cli/show_report.hpp"

#include <unistd.h>

#include <iostream>

#include "harness/cli/command.hpp"
#include "harness/report/report.hpp"
#include "harness/report/summary.hpp"

namespace firstfin::cli {

int show_report(const std::filesystem::path& folder, const std::string& format) {
    const auto run = store::run_db::open_to_read(folder);
    report::write_report(std::cout, run, parse_enum<report::format>(format).value(),
                         report::text_options_for(STDOUT_FILENO));
    std::cout.flush();
    const auto counted = report::summarise(run);
    return counted.has_findings() || counted.total.invalid != 0 ? exit_code::findings : exit_code::fine;
}

std::vector<report::summary> summaries_of(const std::vector<std::filesystem::path>& folders) {
    std::vector<report::summary> out;
    for (const auto& folder : folders)
        out.push_back(report::summarise(store::run_db::open_to_read(folder)));
    return out;
}

}  // namespace firstfin::cli

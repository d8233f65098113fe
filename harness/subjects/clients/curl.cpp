#include <fmt/format.h>

#include "harness/subjects/subject.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const client_request& of) {
    launch out;
    const auto url = fmt::format("http://{}{}", authority(of), of.what.path);
    // A second transfer that is not due within the hour keeps the first one's connection in the pool.
    out.arguments = {"--silent", "--show-error", "--no-progress-meter", "--rate", "1/h", "--output", "/dev/null",
                     url,        "--output",     "/dev/null",           url};
    return out;
}

}  // namespace

client_subject curl() {
    return {.id = "curl",
            .name = "curl",
            .profile = "libcurl",
            .comes_from = {.programs = {"curl"}, .packages = {"curl"}, .version_arguments = {"--version"}},
            .takes = {},
            .plays = {scenario_kind::idle},
            .prepare = prepare};
}

}  // namespace firstfin::subjects

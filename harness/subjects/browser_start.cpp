#include "harness/subjects/browser_start.hpp"

#include <fmt/format.h>

#include "harness/subjects/plain_requests.hpp"
#include "harness/subjects/scripts.hpp"

namespace firstfin::subjects {

void start_at_age(launch& of_browser, const client_request& of, duration age) {
    if (age == duration::zero()) {
        of_browser.arguments.push_back(url(of));
        return;
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(age).count();
    of_browser.files.push_back({"start_page.html", std::string(script("clients/scripts/start_page.html"))});
    of_browser.arguments.push_back(fmt::format("file://{}/start_page.html#{}%20{}", of.folder, wait, url(of)));
}

}  // namespace firstfin::subjects

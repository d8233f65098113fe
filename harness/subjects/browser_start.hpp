#pragma once

#include "harness/subjects/subject.hpp"

namespace firstfin::subjects {

/// The page that a browser is to open, as its last argument: the URL itself for an age of 0, else a local page that
/// goes there `age` after it was shown. What the start takes until then comes on top.
void start_at_age(launch& of_browser, const client_request& of, duration age);

}  // namespace firstfin::subjects

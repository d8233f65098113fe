#pragma once

#include "server/nginx/answers/site_data.hpp"

namespace firstfin::nginx {

/// Makes everything else of `into.settings`, which must not move afterwards. Throws as site's constructor does.
void prepare(site_data& into);

}  // namespace firstfin::nginx

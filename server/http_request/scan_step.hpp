#pragma once

namespace firstfin::http_request {

/// How far a scanner got with the bytes there are.
enum class scan_step { wants_more, done, failed };

}  // namespace firstfin::http_request

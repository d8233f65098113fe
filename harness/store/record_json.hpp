#pragma once

#include <string>
#include <string_view>

#include "harness/store/run_record.hpp"

// The parts of a run that are stored as JSON text. Compact, because a run holds 10,000 timelines and more, and
// lossless: judge(parse_timeline(to_json(x))) is the verdict of x.

namespace firstfin::store {

/// {"client":"10.9.0.2:40122","server":"10.9.0.1:8080","wire":1,"t0":T,"segments":[[t,from,seq,ack,payload,flags,headers],...],
///  "events":[[t,from,"kind",request,status,says_close,pending_fin,unread,reason,state_before,lateness],...],
///  "samples":[[t,of,state],...],"faults":["..."]}
/// T is in nanoseconds of CLOCK_MONOTONIC and each t counts from there. from, of: 0 server, 1 client. States are the
/// kernel's numbers, null where there is none. Absent values at the end of an event are left out.
[[nodiscard]] std::string to_json(const witness::timeline& value);
[[nodiscard]] result<witness::timeline> parse_timeline(std::string_view json);

/// [["wire",strong,possible,"words"],...]; `possible` is the set of parties as bits.
[[nodiscard]] std::string to_json(const std::vector<evidence>& value);
[[nodiscard]] result<std::vector<evidence>> parse_evidence(std::string_view json);

/// An object with its members in the given order. Names are unique.
[[nodiscard]] std::string to_json(const text_pairs& value);
void append_json(std::string& out, const text_pairs& value);
[[nodiscard]] result<text_pairs> parse_text_pairs(std::string_view json);

[[nodiscard]] std::string to_json(const std::vector<std::string>& value);
[[nodiscard]] result<std::vector<std::string>> parse_texts(std::string_view json);

/// [[state,sockets],...]
[[nodiscard]] std::string to_json(const std::vector<std::pair<tcp_state, std::uint32_t>>& value);
[[nodiscard]] result<std::vector<std::pair<tcp_state, std::uint32_t>>> parse_state_counts(std::string_view json);

}  // namespace firstfin::store

#pragma once

#include <tuple>

#include "harness/store/run_record.hpp"

// Member by member, so that a member the store forgets is missed here.

namespace firstfin {
inline bool operator==(const evidence& left, const evidence& right) {
    return std::tie(left.from, left.strong, left.possible, left.text) ==
           std::tie(right.from, right.strong, right.possible, right.text);
}
inline bool operator==(const verdict& left, const verdict& right) {
    const auto members = [](const verdict& one) {
        return std::tie(one.first_fin, one.reset, one.reset_destroyed_request, one.time_wait, one.ending,
                        one.idle_at_close, one.requests, one.statements, one.conflict, one.invalid);
    };
    return members(left) == members(right);
}
}  // namespace firstfin

namespace firstfin::witness {
inline bool operator==(const segment& left, const segment& right) {
    const auto members = [](const segment& one) {
        return std::tie(one.at, one.seq, one.ack, one.payload, one.from, one.flags, one.headers);
    };
    return members(left) == members(right);
}
inline bool operator==(const subject_event& left, const subject_event& right) {
    const auto members = [](const subject_event& one) {
        return std::tie(one.at, one.from, one.kind, one.says_close, one.pending_fin, one.reason, one.state_before,
                        one.request, one.status, one.unread, one.lateness);
    };
    return members(left) == members(right);
}
inline bool operator==(const state_sample& left, const state_sample& right) {
    return std::tie(left.at, left.of, left.state) == std::tie(right.at, right.of, right.state);
}
inline bool operator==(const timeline& left, const timeline& right) {
    const auto members = [](const timeline& one) {
        return std::tie(one.tuple, one.wire_watched, one.segments, one.events, one.samples, one.faults);
    };
    return members(left) == members(right);
}
}  // namespace firstfin::witness

namespace firstfin::store {
inline bool operator==(const axis_record& left, const axis_record& right) {
    return std::tie(left.name, left.values) == std::tie(right.name, right.values);
}
inline bool operator==(const expect_record& left, const expect_record& right) {
    const auto all = [](const expect_record& one) {
        return std::tie(one.when, one.measure, one.article, one.today, one.claim, one.said, one.because, one.occurs,
                        one.not_shown);
    };
    return all(left) == all(right);
}
inline bool operator==(const run_record& left, const run_record& right) {
    const auto members = [](const run_record& one) {
        return std::tie(one.name, one.title, one.experiment_text, one.plan_hash, one.version, one.seed, one.time_scale,
                        one.replicates, one.sandbox, one.environment, one.axes, one.expects);
    };
    return members(left) == members(right);
}
inline bool operator==(const cell_record& left, const cell_record& right) {
    const auto members = [](const cell_record& one) {
        return std::tie(one.id, one.params, one.predicted, one.margin, one.longest);
    };
    return members(left) == members(right);
}
inline bool operator==(const trial_record& left, const trial_record& right) {
    return std::tie(left.cell, left.number, left.verdict, left.timeline) ==
           std::tie(right.cell, right.number, right.verdict, right.timeline);
}
inline bool operator==(const state_count_record& left, const state_count_record& right) {
    return std::tie(left.at, left.stage, left.of, left.counts) ==
           std::tie(right.at, right.stage, right.of, right.counts);
}
inline bool operator==(const run_end_record& left, const run_end_record& right) {
    const auto members = [](const run_end_record& one) {
        return std::tie(one.resolution_ms, one.interrupted, one.wall, one.segments_captured, one.segments_lost,
                        one.warnings);
    };
    return members(left) == members(right);
}
}  // namespace firstfin::store

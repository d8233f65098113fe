#pragma once

#include <cstdint>

namespace firstfin::store {

/// "ffin": marks our files among all SQLite databases (`file run.db` shows it).
inline constexpr std::int64_t application_id = 0x6666696E;
/// Raised whenever a program of the older number would misread the file.
inline constexpr std::int64_t schema_version = 3;

// Results are columns, so that `sqlite3 run.db` answers questions we did not think of; evidence and timelines are JSON
// (record_json.hpp), apart from the results, so that counting does not page through them.
// cell counts from 0 in plan order; its id is the hash of its parameters.
inline constexpr const char* schema = R"sql(
CREATE TABLE run (
  name TEXT NOT NULL, title TEXT NOT NULL, experiment TEXT NOT NULL, plan_hash TEXT NOT NULL, version TEXT NOT NULL,
  seed TEXT NOT NULL, time_scale REAL NOT NULL, replicates INTEGER NOT NULL, sandbox TEXT NOT NULL,
  environment TEXT NOT NULL, common_params TEXT NOT NULL
) STRICT;
CREATE TABLE axes (place INTEGER PRIMARY KEY, name TEXT NOT NULL, value_list TEXT NOT NULL) STRICT;
CREATE TABLE expects (
  place INTEGER PRIMARY KEY, selects TEXT NOT NULL, measure TEXT NOT NULL, article TEXT NOT NULL, today TEXT NOT NULL,
  claim TEXT NOT NULL, said TEXT NOT NULL, because TEXT NOT NULL, occurs INTEGER NOT NULL, not_shown TEXT NOT NULL
) STRICT;
CREATE TABLE cells (
  cell INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, params TEXT NOT NULL, predicted TEXT NOT NULL, margin_ns INTEGER,
  longest_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE trials (
  cell INTEGER NOT NULL REFERENCES cells, number INTEGER NOT NULL, first_fin TEXT NOT NULL, reset TEXT NOT NULL,
  reset_destroyed_request INTEGER NOT NULL, time_wait TEXT NOT NULL, ending TEXT NOT NULL, idle_at_close_ns INTEGER,
  sent INTEGER NOT NULL, answered INTEGER NOT NULL, stale_reuse INTEGER NOT NULL, true_race INTEGER NOT NULL,
  conflict TEXT NOT NULL, invalid TEXT NOT NULL, client_age_ns INTEGER,
  PRIMARY KEY (cell, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE timelines (
  cell INTEGER NOT NULL, number INTEGER NOT NULL, evidence TEXT NOT NULL, timeline TEXT NOT NULL,
  PRIMARY KEY (cell, number)
) STRICT;
CREATE TABLE other_connections (
  cell INTEGER NOT NULL, number INTEGER NOT NULL, client TEXT NOT NULL, used INTEGER NOT NULL, first_fin TEXT NOT NULL,
  ending TEXT NOT NULL, idle_at_close_ns INTEGER,
  PRIMARY KEY (cell, number, client)
) STRICT, WITHOUT ROWID;
CREATE TABLE state_counts (
  at_ns INTEGER NOT NULL, stage INTEGER NOT NULL, side TEXT NOT NULL, counts TEXT NOT NULL
) STRICT;
CREATE TABLE sessions (
  resolution_ms REAL NOT NULL, interrupted INTEGER NOT NULL, wall_ns INTEGER NOT NULL, segments_captured INTEGER NOT NULL,
  segments_lost INTEGER NOT NULL, warnings TEXT NOT NULL
) STRICT;
)sql";

}  // namespace firstfin::store

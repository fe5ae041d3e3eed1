#pragma once
// The tables [load] and [sessions] of a deployment file: what arrives, and when. docs/workload.md describes every key.

#include <cstdint>
#include <string>

#include "base/reader.h"
#include "workload/sessions.h"

namespace plumb::workload {

/// [load]: requests that have nothing to do with one another.
struct LoadTable {
  GeneratorOptions arrivals;
  bool has_count = false;            ///< whether the table says how many
  std::int64_t max_concurrency = 0;  ///< requests in flight; 0: no limit
  std::string curve_name;            ///< the curve's file; empty for a list, and where there is none
};

/// [sessions]: what [load] says, of the starts of sessions, and what they are like.
struct SessionsTable {
  SessionOptions sessions;
  bool has_count = false;
  std::int64_t max_concurrency = 0;
  std::string curve_name;
};

/// Paths are relative to `folder`. The seed is no part of the tables: set arrivals.seed or sessions.starts.seed.
[[nodiscard]] Result<LoadTable> read_load(Reader table, const std::string& folder);
[[nodiscard]] Result<SessionsTable> read_sessions(Reader table, const std::string& folder);

/// Reads a curve: a CSV file with columns `time_s`, rising from 0 in equal steps, at least two, and `load`, the load of
/// the part that starts there, in any unit. The period is rows x step.
[[nodiscard]] Result<LoadCurve> read_curve(const std::string& path);

/// The requests that a table stands for.
RequestSourcePtr requests_of(const LoadTable& load, LengthSamplerPtr lengths);
RequestSourcePtr requests_of(const SessionsTable& sessions);

}  // namespace plumb::workload

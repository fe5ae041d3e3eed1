#pragma once
// Runs the points of a study: those that are asked for and not there yet, in parallel, each by itself, so that rows
// depend on nothing but their points' inputs. Rows are written as they come about; a run that is cut short leaves a
// table from which the next one goes on.

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/row.h"
#include "study/study.h"

namespace plumb::study {

/// Every n-th point from the i-th on: shard 1/4 has points 1, 5, 9, ...
struct Shard {
  std::size_t index = 1, of = 1;  ///< 1 <= index <= of
};

struct SweepOptions {
  int jobs = 0;  ///< points at a time; 0: all processors
  Shard shard = {};
  std::optional<std::size_t> task = {};  ///< only this point, from 1
  std::vector<Row> known = {};           ///< rows of earlier runs, of this study or others
  /// `inputs` of the rows that will be written over. Where only a part of the points is asked for, those of another
  /// part are refused: they would be lost.
  std::vector<std::string> overwritten = {};
  const std::atomic<bool>* interrupt = nullptr;
  /// Called with the rows so far at most about once a second, and never by two threads at a time. An error ends the
  /// sweep.
  std::function<Status(const std::vector<Row>&)> keep = {};
  /// The same of every point that has ended.
  std::function<void(std::size_t done, std::size_t of)> progress = {};
};

struct Sweep {
  std::vector<Row> rows;   ///< of the points that were asked for, in their order; some missing where it was cut short
  std::size_t reused = 0;  ///< rows that were known
  std::size_t ran = 0;
  bool interrupted = false;
  std::optional<Error> error;  ///< what ended the sweep before its time: a point that is no valid input, a full disk

  std::size_t count(RowStatus status) const;
};

/// Checks every value of every axis before the first point is run. An error is one of the study's files; what goes
/// wrong later is in the sweep, with the rows that were done.
[[nodiscard]] Result<Sweep> run_sweep(const Study& study, const SweepOptions& options);

}  // namespace plumb::study

#pragma once
// What the carried measurements gave when it was last written down: the errors that must not grow, the number of runs
// that must not shrink, and the bands that other rows are given. validation/baseline.json of the repository; made by
// `plumb validate --baseline validation/baseline.json`.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "validation/accuracy.h"
#include "validation/bands.h"

namespace plumb::validation {

struct BaselineKind {
  std::string kind;
  bool assumed = false;
  OverCells over;
};

struct Baseline {
  std::size_t simulated_runs = 0, simulated_rows = 0, scored_rows = 0;  ///< of trust A and B
  double coverage = 0.0;                                                ///< of the bands, nothing assumed
  std::vector<BaselineKind> kinds;
  Bands bands;
};

Baseline baseline_of(const Validation& validation, const Accuracy& accuracy);
std::string baseline_json(const Baseline& baseline);
[[nodiscard]] Result<Baseline> parse_baseline(std::string_view json, std::string name);
/// The one that the program carries.
[[nodiscard]] Result<Baseline> carried_baseline();

/// What is worse than in the baseline, a line each: fewer runs, a kind's median or 90th percentile larger by more than
/// a fiftieth of itself and half a percent.
std::vector<std::string> regressions(const Baseline& before, const Baseline& now);

}  // namespace plumb::validation

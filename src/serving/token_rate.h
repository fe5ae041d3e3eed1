#pragma once
// Output tokens by second of the simulation's clock.

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "serving/engine.h"

namespace plumb::serving {

/// Of one replica.
class TokenRate {
 public:
  /// Counts the tokens of a run, at the ends of its steps. Runs come in order of time.
  void add(const StepRun& run);
  /// Second and tokens, in order; none without tokens.
  const std::vector<std::pair<std::int64_t, std::int64_t>>& seconds() const { return seconds_; }

 private:
  void add(std::int64_t second, std::int64_t tokens);
  std::vector<std::pair<std::int64_t, std::int64_t>> seconds_;
};

/// Of a fleet: about 8 bytes for each second in which there were tokens.
class TokenTotals {
 public:
  void add(const TokenRate& rate);
  std::int64_t tokens_per_s_max() const;

 private:
  static constexpr std::int64_t page_seconds = 1024;
  using Page = std::array<std::int64_t, page_seconds>;
  std::map<std::int64_t, Page> pages_;  ///< by second / page_seconds
};

}  // namespace plumb::serving

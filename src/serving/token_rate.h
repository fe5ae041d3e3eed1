#pragma once
// Output tokens by second of the simulation's clock.

#include <cstdint>
#include <utility>
#include <vector>

#include "serving/engine.h"

namespace plumb::serving {

class TokenRate {
 public:
  /// Counts the tokens of a run, at the ends of its steps. Runs come in order of time.
  void add(const StepRun& run);
  void merge(const TokenRate& other);
  std::int64_t tokens_per_s_max() const;

 private:
  void add(std::int64_t second, std::int64_t tokens);
  std::vector<std::pair<std::int64_t, std::int64_t>> seconds_;  ///< second and tokens, in order; none without tokens
};

}  // namespace plumb::serving

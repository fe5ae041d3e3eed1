#include "serving/decode_set.h"

#include <algorithm>

namespace plumb::serving {

std::int64_t DecodeSet::steps_within(std::int64_t steps, std::int64_t bytes) const {
  if (cache_growth(steps) <= bytes) return steps;
  std::int64_t fits = 0, beyond = steps;
  while (beyond - fits > 1) {
    const std::int64_t middle = fits + (beyond - fits) / 2;
    (cache_growth(middle) <= bytes ? fits : beyond) = middle;
  }
  return fits;
}

void order_by_admission(std::vector<Sequence*>& sequences, std::size_t first) {
  std::sort(sequences.begin() + static_cast<std::ptrdiff_t>(first), sequences.end(),
            [](const Sequence* a, const Sequence* b) { return a->admission < b->admission; });
}

}  // namespace plumb::serving

#include "accelerator/time_shares.h"

#include <algorithm>

namespace plumb::accelerator {

void TimeCounter::add(const model::Step& step) {
  const StepProfile profile = cost_.profile(step);
  seconds_ += profile.seconds;
  sums_.host += profile.host_s;
  for (std::size_t i = 0; i < bounds; ++i) sums_.by_bound[i] += profile.seconds_by_bound[i];
  for (std::size_t i = 0; i < model::families; ++i) sums_.by_family[i] += profile.seconds_by_family[i];
}

TimeShares TimeCounter::shares() const {
  TimeShares shares = sums_;
  const double scale = seconds_ > 0.0 ? 1.0 / seconds_ : 0.0;
  for (double& part : shares.by_bound) part *= scale;
  for (double& part : shares.by_family) part *= scale;
  shares.host *= scale;
  const auto most = std::max_element(shares.by_bound.begin(), shares.by_bound.end());
  shares.binding = static_cast<Bound>(most - shares.by_bound.begin());
  return shares;
}

}  // namespace plumb::accelerator

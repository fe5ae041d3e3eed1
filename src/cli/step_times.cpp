#include "cli/step_times.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "report/units.h"

namespace plumb::cli {

void StepTimes::add(const model::Step& step) {
  const accelerator::StepProfile profile = cost_.profile(step);
  seconds_ += profile.seconds;
  host_s_ += profile.host_s;
  for (std::size_t i = 0; i < accelerator::bounds; ++i) sums_.by_bound[i] += profile.seconds_by_bound[i];
  for (std::size_t i = 0; i < model::families; ++i) sums_.by_family[i] += profile.seconds_by_family[i];
}

planner::TimeShares StepTimes::shares() const {
  planner::TimeShares shares = sums_;
  const double scale = seconds_ > 0.0 ? 1.0 / seconds_ : 0.0;
  for (double& part : shares.by_bound) part *= scale;
  for (double& part : shares.by_family) part *= scale;
  shares.host = host_s_ * scale;
  const auto most = std::max_element(shares.by_bound.begin(), shares.by_bound.end());
  shares.binding = static_cast<accelerator::Bound>(most - shares.by_bound.begin());
  return shares;
}

std::string share_words(const planner::TimeShares& shares) {
  std::vector<std::pair<double, std::string_view>> parts;
  for (std::size_t i = 0; i < accelerator::bounds; ++i) {
    constexpr double least = 0.01;
    if (shares.by_bound[i] >= least)
      parts.emplace_back(shares.by_bound[i], bound_name(static_cast<accelerator::Bound>(i)));
  }
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> words;
  for (const auto& [share, name] : parts) words.push_back(fmt::format("{} {:.0f} %", name, share * 100.0));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace plumb::cli

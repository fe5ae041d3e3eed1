#include "cli/comparison_causes.h"

#include <algorithm>
#include <cmath>

#include "base/statistics.h"
#include "cli/comparison_fits.h"

namespace plumb::cli {
namespace {

/// Seconds by cause.
class Contributions {
 public:
  double& operator[](Cause cause) { return seconds_[static_cast<std::size_t>(cause)]; }
  double operator[](Cause cause) const { return seconds_[static_cast<std::size_t>(cause)]; }
  double sum() const {
    double sum = 0.0;
    for (const double value : seconds_) sum += value;
    return sum;
  }

 private:
  std::array<double, causes> seconds_{};
};

constexpr Cause cause_at(std::size_t i) { return static_cast<Cause>(i); }

/// Shares |excess_s| among the contributions of its sign, which add up to it or more.
void credit(const Contributions& parts, double excess_s, Contributions& credits) {
  const double sign = std::copysign(1.0, excess_s);
  double along_s = 0.0;
  for (std::size_t i = 0; i < causes; ++i) along_s += std::max(0.0, sign * parts[cause_at(i)]);
  if (!(along_s > 0.0)) return;
  for (std::size_t i = 0; i < causes; ++i) {
    credits[cause_at(i)] += std::max(0.0, sign * parts[cause_at(i)]) / along_s * std::abs(excess_s);
  }
}

/// What is left of a TTFT's excess when prefill and overhead are taken out.
void place_rest(const RequestPair& pair, double rest_s, bool hit, bool waited, Contributions& parts) {
  if (hit) {
    parts[Cause::cache] += rest_s;
  } else if (rest_s > 0.0) {
    parts[pair.queued() || waited ? Cause::queue : Cause::other] += rest_s;
  } else {
    // A server cannot save more waiting than there was in the simulation.
    const double saved_s = std::max(rest_s, -pair.queue_s);
    parts[Cause::queue] += saved_s;
    parts[Cause::other] += rest_s - saved_s;
  }
}

Contributions ttft_parts(const RequestPair& pair, const PrefillFit& fit, bool hit, bool waited) {
  Contributions parts;
  parts[Cause::prefill] = fit.excess * pair.prefill_s;
  parts[Cause::overhead] = fit.overhead_s;
  place_rest(pair, pair.ttft_excess_s() - parts.sum(), hit, waited, parts);
  return parts;
}

Contributions decode_parts(const RequestPair& pair, const DecodeFit& fit, const Company& company, std::size_t i) {
  Contributions parts;
  const double simulated_s = pair.simulated.decode_s();
  parts[Cause::batch] = fit.growth * (company.measured[i] - fit.low) * simulated_s;
  parts[fit.company ? Cause::batch : Cause::decode] += fit.excess * simulated_s;
  const bool preempted = pair.preemptions > 0 || pair.stalled;
  parts[preempted ? Cause::preemption : Cause::other] += pair.decode_excess_s() - parts.sum();
  return parts;
}

Cause greatest(const Contributions& credits) {
  Cause cause = Cause::other;
  for (std::size_t i = 0; i < causes; ++i) {
    if (credits[cause_at(i)] > credits[cause]) cause = cause_at(i);
  }
  return cause;
}

/// Everything that does not depend on a single request.
struct Fits {
  std::vector<bool> hits;
  std::vector<std::size_t> waiting;
  Company company;
  PrefillFit prefill;
  DecodeFit decode;
};

void describe(std::span<const RequestPair> pairs, const Fits& fits, Attribution& result) {
  result.prefill_by = fits.prefill.by;
  result.prefill_excess = fits.prefill.excess;
  result.overhead_s = fits.prefill.overhead_s;
  result.fitted = fits.prefill.points;
  result.tpot_excess = tpot_excess(pairs);
  result.decode_excess = fits.decode.excess;
  result.batch_excess = fits.decode.growth;
  result.company = fits.decode.company;
  result.sequences_low = fits.decode.low;
  result.sequences_high = fits.decode.high;
  result.sequences_measured = percentile(fits.company.measured, 50.0);
  result.sequences_simulated = percentile(fits.company.simulated, 50.0);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    result.queued += pairs[i].queued() ? 1 : 0;
    result.cache_hits += fits.hits[i] ? 1 : 0;
    result.stalled += pairs[i].stalled ? 1 : 0;
    result.preempted += pairs[i].preemptions > 0 ? 1 : 0;
  }
}

}  // namespace

std::string_view cause_name(Cause cause) {
  constexpr std::array<std::string_view, causes> names{"arrivals", "queue", "prefill",    "overhead", "cache",
                                                       "decode",   "batch", "preemption", "other"};
  return names[static_cast<std::size_t>(cause)];
}

Attribution attribute(std::span<RequestPair> pairs, bool start_times, double arrival_error_s) {
  Attribution result;
  for (const RequestPair& pair : pairs) {
    result.error_s += std::abs(pair.ttft_excess_s()) + std::abs(pair.decode_excess_s());
    result.latency_s += pair.measured.e2e_s;
  }
  constexpr double nothing = 1e-6;
  if (!(result.error_s > nothing * result.latency_s)) return result;

  Fits fits;
  fits.hits = cache_hits(pairs);
  fits.waiting = waiting_at_start(pairs);
  fits.company = company_of(pairs, start_times);
  fits.prefill = fit_prefill(pairs, fits.hits, fits.waiting);
  fits.decode = fit_decode(pairs, fits.company);

  Contributions credits, sums;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    RequestPair& pair = pairs[i];
    const Contributions ttft = ttft_parts(pair, fits.prefill, fits.hits[i], fits.waiting[i] > 0);
    const Contributions decode = decode_parts(pair, fits.decode, fits.company, i);
    Contributions own;
    credit(ttft, pair.ttft_excess_s(), own);
    credit(decode, pair.decode_excess_s(), own);
    pair.cause = greatest(own);
    for (std::size_t k = 0; k < causes; ++k) {
      credits[cause_at(k)] += own[cause_at(k)];
      sums[cause_at(k)] += ttft[cause_at(k)] + decode[cause_at(k)];
    }
  }
  const double arrivals = std::min(1.0, arrival_error_s / result.error_s);
  for (std::size_t k = 0; k < causes; ++k) {
    const Cause cause = cause_at(k);
    const double share = cause == Cause::arrivals ? arrivals : credits[cause] / credits.sum() * (1.0 - arrivals);
    result.shares.push_back({cause, share, sums[cause] / static_cast<double>(pairs.size())});
  }
  describe(pairs, fits, result);
  std::stable_sort(result.shares.begin(), result.shares.end(),
                   [](const CauseShare& a, const CauseShare& b) { return a.share > b.share; });
  return result;
}

}  // namespace plumb::cli

#pragma once
// What accounts for the differences between a measured run and its simulation. The rule, in full in docs/compare.md:
//
// The error of a request is |d TTFT| + |d decode|, each measured - simulated; decode time is E2EL - TTFT. Each of the
// two is written as a sum of contributions, and its absolute value is shared among those of its own sign.
//   TTFT    a line through requests that did not queue, over simulated prefill time: its constant is overhead, its
//           slope is prefill. What is left is cache for requests that were served from one, else queue where there was
//           one, else other.
//   decode  a line of TPOT measured / simulated - 1 over the number of sequences decoding: its value where few decode
//           is decode, or batch if other numbers of sequences decode on the two sides and that explains it; its growth
//           is batch. What is left is preemption for requests that stalled, else other.
//   arrivals, where they were made again: how much two simulations with arrivals of different seeds differ.
//
// All functions are pure.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace plumb::cli {

enum class Cause { arrivals, queue, prefill, overhead, cache, decode, batch, preemption, other };
inline constexpr std::size_t causes = 9;
std::string_view cause_name(Cause cause);

/// Latencies of one request on one side.
struct RequestSide {
  double ttft_s = 0.0, e2e_s = 0.0;
  double decode_s() const { return e2e_s - ttft_s; }
};

/// A request on both sides.
struct RequestPair {
  std::int64_t id = 0;  ///< position in the file, from 0
  double start_s = 0.0;
  std::int64_t prompt_tokens = 0, output_tokens = 0;
  RequestSide measured, simulated;
  double queue_s = 0.0;                       ///< simulated: arrival to first step
  double prefill_s = 0.0;                     ///< simulated: first step to first token
  std::int32_t preemptions = 0;               ///< simulated
  bool stalled = false;                       ///< measured: left out of steps that others had part in
  std::optional<std::int64_t> cached_tokens;  ///< measured, where the file says it
  Cause cause = Cause::other;                 ///< that has most of its error; set by attribute()

  double ttft_excess_s() const { return measured.ttft_s - simulated.ttft_s; }
  double decode_excess_s() const { return measured.decode_s() - simulated.decode_s(); }
  /// Simulated queueing that outweighs the prefill: waiting for the step under way does not.
  bool queued() const { return queue_s > prefill_s; }
  /// Mean gap after the first token; 0 for a single token.
  double tpot_s(const RequestSide& side) const {
    return output_tokens > 1 ? side.decode_s() / static_cast<double>(output_tokens - 1) : 0.0;
  }
};

struct CauseShare {
  Cause cause = Cause::other;
  double share = 0.0;     ///< of the sum of all errors
  double excess_s = 0.0;  ///< mean contribution to a request, signed: above 0 the server took longer
};

struct Attribution {
  double error_s = 0.0;    ///< sum of the errors of all requests
  double latency_s = 0.0;  ///< sum of their measured E2EL
  /// Every cause, by share; empty where there is nothing to explain: error_s under a millionth of latency_s.
  std::vector<CauseShare> shares;

  // What the sentences about the causes need. Relative figures: 0.2 is a server that takes 20 % longer.
  enum class PrefillBy { nothing, line, constant };
  PrefillBy prefill_by = PrefillBy::nothing;
  double prefill_excess = 0.0;
  double overhead_s = 0.0;     ///< before the first token, whatever its prompt
  double tpot_excess = 0.0;    ///< median over requests
  double decode_excess = 0.0;  ///< of TPOT where few sequences decode, at equal numbers of them
  double batch_excess = 0.0;   ///< of TPOT, for each sequence more that decodes
  bool company = false;        ///< TPOT differs because other numbers of sequences decode: decode_excess is batch's
  double sequences_low = 0.0, sequences_high = 0.0;  ///< decoding on the server: 10th and 90th percentile of requests
  double sequences_measured = 0.0, sequences_simulated = 0.0;  ///< decoding: median of requests, each side
  std::int64_t fitted = 0;                                     ///< requests that the prefill line is of
  std::int64_t queued = 0;                                     ///< requests that queued in the simulation
  std::int64_t cache_hits = 0, stalled = 0, preempted = 0;
};

/// Shares out the errors of `pairs`, which are by start, and sets their cause. `start_times`: the starts are measured.
/// `arrival_error_s`: what arrivals that were made again may account for.
Attribution attribute(std::span<RequestPair> pairs, bool start_times, double arrival_error_s);

}  // namespace plumb::cli

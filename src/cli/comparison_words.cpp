#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/comparison_result.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::count;
using report::human;

/// "12.3 % more time than simulated"
std::string time_words(double excess) {
  return fmt::format("{} {} time than simulated", report::percent(std::abs(excess)), excess < 0.0 ? "less" : "more");
}

std::string later_words(double excess_s) {
  return fmt::format("{} {}", human(Seconds::of(std::abs(excess_s))), excess_s < 0.0 ? "sooner" : "later");
}

double excess_of(Cause cause, const Attribution& attribution) {
  for (const CauseShare& share : attribution.shares) {
    if (share.cause == cause) return share.excess_s;
  }
  return 0.0;
}

/// What vLLM prints at its start as the size of the cache, for one rank here.
std::string cache_size_words(const serving::CompiledDeployment& deployment) {
  return fmt::format("{} or {} tokens a rank here", human(Bytes::of(deployment.memory.cache_pool_bytes)),
                     count(deployment.cache.longest(workload::tokens_max)));
}

bool has_gaps(const workload::MeasuredRun& run) {
  return std::any_of(run.requests.begin(), run.requests.end(),
                     [](const workload::MeasuredRequest& request) { return !request.gaps_s.empty(); });
}

std::string queue_words(const Attribution& attribution, const ComparisonResult& result) {
  const double excess_s = excess_of(Cause::queue, attribution);
  std::string words = fmt::format(
      "{} of {} requests queue in the simulation; on the server waiting brings first tokens {}, on average. Compare "
      "max_num_seqs, max_num_batched_tokens and the size of the cache ({}) with what the server printed at its start.",
      count(attribution.queued), count(result.comparison.pairs.size()), later_words(excess_s),
      cache_size_words(*result.subject.deployment));
  constexpr double least = 0.02;
  if (attribution.tpot_excess * excess_s > 0.0 && std::abs(attribution.tpot_excess) > least) {
    words += fmt::format(
        " A queue is made of the steps of those ahead, and a token takes {} in the median: look at decode first.",
        time_words(attribution.tpot_excess));
  } else if (attribution.prefill_excess * excess_s > 0.0 && std::abs(attribution.prefill_excess) > least) {
    words += fmt::format(" A queue is made of the steps of those ahead, and a prompt takes {}: look at prefill first.",
                         time_words(attribution.prefill_excess));
  }
  return words;
}

std::string prefill_words(const Attribution& attribution, const std::string& accelerator) {
  const std::string look = fmt::format(
      "Look at compute.bf16 of {}, gemm of its class and the format of the weights (plumb catalog show), and at "
      "max_num_batched_tokens.",
      accelerator);
  switch (attribution.prefill_by) {
    case Attribution::PrefillBy::line:
      return fmt::format("A prompt takes {}, by {} requests that did not queue. {}",
                         time_words(attribution.prefill_excess), count(attribution.fitted), look);
    case Attribution::PrefillBy::constant:
      return fmt::format(
          "From its first step on, a first token takes {}, by {} requests that did not queue; their prompts are too "
          "alike to tell slower prefill from a fixed delay. {}",
          time_words(attribution.prefill_excess), count(attribution.fitted), look);
    case Attribution::PrefillBy::nothing: break;
  }
  return {};
}

std::string overhead_words(const Attribution& attribution) {
  if (attribution.overhead_s < 0.0) {
    return fmt::format(
        "First tokens come {}, whatever the prompt: look at step_overhead and launch of the accelerator's class.",
        later_words(attribution.overhead_s));
  }
  return fmt::format(
      "First tokens come {}, whatever the prompt: client, network, HTTP and tokenisation, which are not simulated, or "
      "step_overhead of the accelerator's class.",
      later_words(attribution.overhead_s));
}

std::string decode_words(const Attribution& attribution, const std::string& accelerator) {
  return fmt::format(
      "A token takes {} where few sequences decode ({}). Look at memory.bandwidth of {}, bandwidth and step_overhead "
      "of "
      "its class, and the formats of weights and cache.",
      time_words(attribution.decode_excess), count(attribution.sequences_low), accelerator);
}

std::string batch_words(const Attribution& attribution, const ComparisonResult& result) {
  if (attribution.company) {
    return fmt::format(
        "{} sequences decode at once on the server, {} in the simulation (median over requests), so that a token takes "
        "{}. Compare max_num_seqs and the size of the cache ({}) with what the server printed at its start.",
        report::significant(attribution.sequences_measured), report::significant(attribution.sequences_simulated),
        time_words(attribution.tpot_excess), cache_size_words(*result.subject.deployment));
  }
  const double moved = attribution.batch_excess * (attribution.sequences_high - attribution.sequences_low);
  return fmt::format(
      "From {} to {} sequences that decode at once, the time of a token moves {} {} against the simulated one. Look at "
      "attention and sequence_overhead of the accelerator's class, and at the format of the cache.",
      count(attribution.sequences_low), count(attribution.sequences_high), report::percent(std::abs(moved)),
      moved < 0.0 ? "down" : "up");
}

std::string preemption_words(const Attribution& attribution, const ComparisonResult& result) {
  const std::string server =
      has_gaps(result.run) && result.run.start_times
          ? fmt::format("on the server {} were left out of steps that others had part in", count(attribution.stalled))
          : "the result has no gaps between tokens, so those on the server do not show";
  return fmt::format(
      "{} requests are preempted in the simulation; {}. Compare the size of the cache ({}) with what the server "
      "printed "
      "at its start: gpu_memory_utilization, block_size and memory.capacity of {} make it.",
      count(attribution.preempted), server, cache_size_words(*result.subject.deployment),
      result.subject.spec().machine.name);
}

std::string cache_words(const Attribution& attribution) {
  return fmt::format(
      "{} requests have their first token sooner than their prompt can be computed: the server had the beginning in "
      "its "
      "prefix cache. The result does not say which prompts begin alike, so the simulation computes them whole.",
      count(attribution.cache_hits));
}

}  // namespace

std::vector<CauseShare> shown_causes(const Attribution& attribution) {
  std::vector<CauseShare> shown = attribution.shares;
  constexpr double least = 0.01;
  std::erase_if(shown, [](const CauseShare& share) { return share.share < least; });
  return shown;
}

std::string cause_words(Cause cause, const ComparisonResult& result) {
  const Attribution& attribution = result.comparison.attribution;
  const std::string& accelerator = result.subject.spec().machine.name;
  switch (cause) {
    case Cause::arrivals:
      return "Two simulations that differ in the made arrivals alone differ by so much. Start times in the result "
             "would "
             "take it away.";
    case Cause::queue: return queue_words(attribution, result);
    case Cause::prefill: return prefill_words(attribution, accelerator);
    case Cause::overhead: return overhead_words(attribution);
    case Cause::cache: return cache_words(attribution);
    case Cause::decode: return decode_words(attribution, accelerator);
    case Cause::batch: return batch_words(attribution, result);
    case Cause::preemption: return preemption_words(attribution, result);
    case Cause::other: break;
  }
  return "No rule explains it: scatter of server, client and network, or what is not modelled (docs/simulate.md).";
}

std::string run_words(const ComparisonResult& result) {
  const workload::MeasuredRun& run = result.run;
  std::string words = fmt::format("{}: {}", result.result_file, run.tool);
  if (!run.model.empty()) words += " of " + run.model;
  words += fmt::format(", {} requests completed", count(run.completed));
  if (run.failed > 0) words += fmt::format(", {} failed", count(run.failed));
  if (run.load.rate_per_s && std::isfinite(*run.load.rate_per_s)) {
    words += fmt::format(", {} requests/s asked for", report::significant(*run.load.rate_per_s));
  }
  return fmt::format("{}. Simulated: {}.", words, result.load);
}

std::string error_words(const Comparison& comparison) {
  if (comparison.pairs.empty()) return {};
  return fmt::format(
      "Request by request the simulation is off by {} in TTFT (p90 {}) and {} in E2EL (p90 {}), in the median over {} "
      "requests.",
      report::percent(comparison.ttft.median), report::percent(comparison.ttft.p90),
      report::percent(comparison.e2el.median), report::percent(comparison.e2el.p90), count(comparison.pairs.size()));
}

}  // namespace plumb::cli

#include <cmath>

#include <fmt/format.h>

#include "cli/cache_tier_report.h"
#include "cli/plan_words.h"
#include "cli/simulation_result.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

/// "weight bytes 62 %, FLOPs 21 %, overhead 12 %": the bounds by share of time, those under a hundredth left out.
std::string share_words(const accelerator::TimeShares& shares) {
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

std::string units_words(const accelerator::TimeShares& shares) {
  if (shares.placed.empty()) return {};
  return fmt::format(" Units in memory work {:.0f} % of it: {}.", shares.units * 100.0, in_memory_words(shares));
}

constexpr int width = 50;
constexpr double ms = 1e3;

/// Lines of the table of `vllm bench serve`: labels fill 40 columns, values stand behind them.
class BenchmarkTable {
 public:
  void heading(std::string_view title, char fill) {
    text_ += fill == '=' ? fmt::format("{:=^{}}\n", title, width) : fmt::format("{:-^{}}\n", title, width);
  }
  void line(std::string_view label, std::string_view value) { text_ += fmt::format("{:<40} {}\n", label, value); }
  void line(std::string_view label, std::int64_t value) { line(label, fmt::format("{}", value)); }
  void line(std::string_view label, double value) { line(label, fmt::format("{:.2f}", value)); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_latency(BenchmarkTable& table, std::string_view title, std::string_view name, const LatencyFigures& figures) {
  table.heading(title, '-');
  table.line(fmt::format("Mean {} (ms):", name), figures.mean_ms);
  table.line(fmt::format("Median {} (ms):", name), figures.median_ms);
  for (const auto& [percent, value_ms] : figures.percentiles_ms) {
    table.line(fmt::format("P{:g} {} (ms):", percent, name), value_ms);
  }
}

void add_benchmark(BenchmarkTable& table, const SimulationResult& result) {
  const Benchmark& benchmark = result.benchmark;
  table.heading(" Serving Benchmark Result ", '=');
  table.line("Successful requests:", benchmark.completed);
  table.line("Failed requests:", benchmark.failed);
  if (result.rate_per_s && std::isfinite(*result.rate_per_s)) {
    table.line("Request rate configured (RPS):", *result.rate_per_s);
  }
  table.line("Benchmark duration (s):", benchmark.duration_s);
  table.line("Total input tokens:", benchmark.input_tokens);
  table.line("Total generated tokens:", benchmark.output_tokens);
  table.line("Request throughput (req/s):", benchmark.request_throughput);
  if (benchmark.request_goodput) table.line("Request goodput (req/s):", *benchmark.request_goodput);
  table.line("Output token throughput (tok/s):", benchmark.output_throughput);
  table.line("Peak output token throughput (tok/s):", benchmark.output_tokens_per_s_max);
  table.line("Peak concurrent requests:", static_cast<double>(benchmark.concurrent_requests_max));
  table.line("Total token throughput (tok/s):", benchmark.total_token_throughput);
  add_latency(table, "Time to First Token", "TTFT", benchmark.ttft);
  add_latency(table, "Time per Output Token (excl. 1st token)", "TPOT", benchmark.tpot);
  add_latency(table, "Inter-token Latency", "ITL", benchmark.itl);
  add_latency(table, "End-to-end Latency", "E2EL", benchmark.e2el);
}

void add_target(BenchmarkTable& table, const std::optional<serving::TargetResult>& result) {
  if (!result) return;
  const std::string limit = report::human(Seconds::of(result->target.limit_s));
  // The percentile is infinite where more requests failed than it leaves out.
  const std::string measured =
      std::isinf(result->measured_s) ? "failed" : fmt::format("{:.2f}", result->measured_s * ms);
  table.line(fmt::format("{} P{:g}, target {} (ms):", result->name, result->target.percentile, limit),
             fmt::format("{}, {}", measured, result->met() ? "met" : "missed"));
}

void add_simulation(BenchmarkTable& table, const Subject& subject, const SimulationResult& result) {
  table.heading("Simulated Engine", '-');
  table.line("Steps per replica:", report::count(result.steps_per_replica(subject)));
  table.line("Mean batch (sequences):", result.sequences_mean());
  table.line("Engine busy (% of the time):", result.busy_share(subject) * 100.0);
  table.line("Peak KV cache use (%):", result.cache_peak_share(subject) * 100.0);
  table.line("Preemptions:", result.outcome.counters.preemptions);
  table.line("Rejected as too long:", result.rejected_too_long());
  if (result.outcome.rejected_never_fits > 0) {
    table.line("Rejected as never fitting:", result.outcome.rejected_never_fits);
  }
  if (result.outcome.cancelled > 0) table.line("Cancelled by clients:", result.outcome.cancelled);
  if (const auto& prefix = result.outcome.counters.prefix; prefix.hit > 0) {
    table.line("Prefix cache hits (% of prompt tokens):",
               100.0 * static_cast<double>(prefix.hit) / static_cast<double>(prefix.queried));
  }
  for (const auto& [label, value] : cache_tier_lines(subject, result.outcome.counters)) table.line(label, value);
  if (result.skipped > 0) table.line("Without output in the trace, left out:", result.skipped);
  add_target(table, result.targets.ttft);
  add_target(table, result.targets.tpot);
  add_target(table, result.targets.e2e);
  table.line("What binds:", result.binding());
  table.line("Evidence:", evidence_name(subject.deployment->evidence()));
  table.heading("", '=');
}

std::string engine_words(const Subject& subject) {
  const serving::EngineSettings& engine = subject.spec().engine;
  const serving::CompiledDeployment& compiled = *subject.deployment;
  std::string words = fmt::format("{} replica{}, ", report::count(subject.replicas), subject.replicas > 1 ? "s" : "");
  if (subject.replicas > 1) words += fmt::format("{} router, ", subject.router);
  return words + fmt::format(
                     "at most {} sequences and {} tokens a step, requests of at most {} tokens; a rank holds {} of "
                     "weights and {} of cache.",
                     report::count(engine.max_num_seqs), report::count(engine.max_num_batched_tokens),
                     report::count(compiled.max_model_len), report::human(Bytes::of(compiled.memory.weight_bytes)),
                     report::human(Bytes::of(compiled.memory.cache_pool_bytes)));
}

/// "Percentiles are exact; those of ITL are within 0.5 %."
std::string precision_words(const Benchmark& benchmark) {
  const auto percent = [](const LatencyFigures& figures) {
    return report::significant(figures.relative_error * 100.0);
  };
  const double worst =
      std::max({benchmark.ttft.relative_error, benchmark.tpot.relative_error, benchmark.e2el.relative_error});
  if (worst > 0.0) {
    return fmt::format("Percentiles and medians of so many requests are from a sketch, within {} %.",
                       report::significant(std::max(worst, benchmark.itl.relative_error) * 100.0));
  }
  return fmt::format("Percentiles and medians are exact, those of ITL within {} %.", percent(benchmark.itl));
}

std::string rejection_words(const Subject& subject, const SimulationResult& result) {
  std::vector<std::string> reasons;
  if (result.rejected_too_long() > 0) {
    reasons.push_back(fmt::format("{} too long, with more than {} tokens, prompt and output together",
                                  report::count(result.rejected_too_long()),
                                  report::count(subject.deployment->max_model_len)));
  }
  if (result.outcome.rejected_never_fits > 0) {
    reasons.push_back(fmt::format("{} that the scheduler {} with these settings would never run",
                                  report::count(result.outcome.rejected_never_fits), subject.spec().engine.scheduler));
  }
  return fmt::format("Rejected when they came: {}. They count as failed and against every target.",
                     fmt::join(reasons, "; "));
}

std::string planned_words(const Subject& subject) {
  return fmt::format(
      "The first choice of the plan of {}: {} replicas in all, of which {} here, each at {} requests/s at the "
      "peak of the day.",
      subject.name, report::count(subject.planned->replicas), report::count(subject.replicas),
      report::significant(subject.planned->rate_per_s));
}

}  // namespace

std::string benchmark_text(const Subject& subject, const SimulationResult& result) {
  BenchmarkTable table;
  add_benchmark(table, result);
  add_simulation(table, subject, result);
  return table.take();
}

std::string simulation_text(const Subject& subject, const Load& load, const SimulationResult& result,
                            const report::Style& style) {
  std::string text = report::heading_text(subject_words(subject), style);
  if (subject.planned) text += report::paragraph_text(planned_words(subject), style);
  text += report::paragraph_text(engine_words(subject), style);
  text += report::paragraph_text(fmt::format("Load: {}.", load.words), style);
  text += "\n" + benchmark_text(subject, result) + "\n";
  text += report::paragraph_text(
      subject.spec().profile
          ? "Times of the steps: from measured kernel times."
          : fmt::format("Time of the steps: {}.{}", share_words(result.outcome.time), units_words(result.outcome.time)),
      style);
  text += report::paragraph_text(precision_words(result.benchmark), style);
  if (result.outcome.rejected > 0) text += report::paragraph_text(rejection_words(subject, result), style);
  return text;
}

}  // namespace plumb::cli

#include "validation/scenario.h"

#include <cmath>

#include "validation/words.h"

namespace plumb::validation {
namespace {

constexpr double count_max = 1e7;

std::optional<std::int64_t> count(std::optional<double> number) {
  if (!number || *number < 1.0 || *number > count_max) return std::nullopt;
  return std::llround(*number);
}

Scenario class_of(std::string_view words) {
  if (says(words, "kernel") || says(words, "storage") || says_word(words, "KV cache read")) return Scenario::kernel;
  if (says(words, "(power)")) return Scenario::power;
  if (says(words, "disaggregated")) return Scenario::disaggregated;
  if (says(words, "prefill only") || says(words, "decode only") || says(words, "profile") || says(words, "MultiStream"))
    return Scenario::other;
  if (says(words, "fixed concurrency") || says(words, "closed loop") || says(words, "closed-loop"))
    return Scenario::closed_loop;
  if (says(words, "open-loop") || says(words, "open loop") || says_word(words, "server") || says(words, "poisson") ||
      says(words, "at a rate"))
    return Scenario::rate;
  if (says(words, "static batch") || says(words, "batch submitted at once") || says(words, "SingleStream") ||
      says(words, "llama-bench") || lower_case(words).starts_with("batch "))
    return Scenario::static_batch;
  if (says(words, "offline")) return Scenario::offline;
  return Scenario::other;
}

}  // namespace

std::string_view scenario_name(Scenario scenario) {
  switch (scenario) {
    case Scenario::static_batch: return "static batch";
    case Scenario::offline: return "offline";
    case Scenario::rate: return "rate";
    case Scenario::closed_loop: return "concurrency";
    case Scenario::kernel: return "kernel";
    case Scenario::disaggregated: return "disaggregated";
    case Scenario::power: return "power";
    case Scenario::other: return "other";
  }
  return "other";
}

LoadWords load_of(std::string_view scenario, std::string_view concurrency, std::string_view notes) {
  LoadWords load;
  load.scenario = class_of(scenario);
  load.constant_rate = says(scenario, "constant-rate") || says(scenario, "constant rate");
  load.prefill_only =
      says(scenario, "prompt evaluation") || says(scenario, "first token latency") || says_word(scenario, "pp512");
  load.shared_prefix = says(scenario, "shared-prefix") || says(scenario, "shared prefix");
  load.batch = count(number_after(concurrency, "batch"));
  if (!load.batch) load.batch = count(number_after(scenario, "batch"));
  if (!load.batch && says(scenario, "SingleStream")) load.batch = 1;
  load.concurrency = count(number_after(concurrency, "conc"));
  // "qps<=6" is a bound, not a rate.
  if (!says(concurrency, "<=")) {
    load.rate_per_s = number_after(concurrency, "qps");
    if (!load.rate_per_s && load.scenario == Scenario::rate) load.rate_per_s = first_number(concurrency);
  }
  if (load.rate_per_s && says(concurrency, "whole system")) {
    if (const auto engines = number_before(concurrency, "DP"); engines && *engines >= 1.0) *load.rate_per_s /= *engines;
  }
  for (const std::string_view words : {notes, scenario}) {
    for (const char* unit : {"requests", "ShareGPT prompts", "random prompts", "prompts", "ok"}) {
      if (!load.requests) load.requests = count(number_before(words, unit));
    }
  }
  if (!load.requests) load.requests = count(number_after(concurrency, "num_prompts"));
  return load;
}

}  // namespace plumb::validation

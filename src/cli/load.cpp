#include "cli/load.h"

#include <cassert>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "report/units.h"
#include "workload/arrivals.h"
#include "workload/concurrency.h"

namespace plumb::cli {
namespace {

constexpr std::int64_t tokens_max = 10'000'000;
constexpr std::int64_t requests_max = 100'000'000;
constexpr std::int64_t requests_default = 1000;  // that of vllm bench serve
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Draws from `base` and puts the lengths that are not 0 in place of what was drawn.
class PartlyFixedLengths : public workload::LengthSampler {
 public:
  PartlyFixedLengths(workload::LengthSamplerPtr base, std::int64_t prompt_tokens, std::int64_t output_tokens)
      : base_(std::move(base)), prompt_tokens_(prompt_tokens), output_tokens_(output_tokens) {}

  workload::Lengths sample(Stream& stream) const override {
    workload::Lengths lengths = base_->sample(stream);
    if (prompt_tokens_ > 0) lengths.prompt_tokens = prompt_tokens_;
    if (output_tokens_ > 0) lengths.output_tokens = output_tokens_;
    return lengths;
  }

  std::string description() const override {
    const std::string_view side = prompt_tokens_ > 0 ? "prompt" : "output";
    return fmt::format("{}, {} fixed at {}", base_->description(), side, std::max(prompt_tokens_, output_tokens_));
  }

 private:
  workload::LengthSamplerPtr base_;
  std::int64_t prompt_tokens_, output_tokens_;
};

Result<std::optional<double>> read_rate(const Arguments& arguments) {
  if (arguments.text("--rate") == "inf") return std::optional(infinite);
  constexpr double least = 1e-9, most = 1e9;
  auto rate = arguments.number("--rate", least, most);
  if (!rate) {
    Error error = std::move(rate).error();
    error.expected = "requests a second, such as 2.5, or inf for all at once";
    return fail(std::move(error));
  }
  return rate;
}

Result<workload::LengthSamplerPtr> trace_lengths(const std::string& path) {
  PLUMB_ASSIGN(const std::vector<workload::Request> requests, workload::read_trace(path));
  std::vector<workload::Lengths> pairs;
  pairs.reserve(requests.size());
  for (const workload::Request& request : requests) pairs.push_back({request.prompt_tokens, request.output_tokens});
  const std::string description = fmt::format("pairs of {} ({} requests)", path, report::count(pairs.size()));
  return workload::lengths_of_pairs(std::move(pairs), description);
}

Result<workload::LengthSamplerPtr> made_lengths(const Arguments& arguments, const Subject& subject) {
  PLUMB_ASSIGN(const std::int64_t prompt, arguments.integer("--input-len", 0, 1, tokens_max));
  PLUMB_ASSIGN(const std::int64_t output, arguments.integer("--output-len", 0, 1, tokens_max));
  workload::LengthSamplerPtr base = subject.lengths;
  if (const auto trace = arguments.text("--trace")) {
    PLUMB_ASSIGN(base, trace_lengths(*trace));
  }
  if (!base && (prompt == 0 || output == 0)) {
    return fail(input_error({arguments.operands.front(), 0, 0}, "the lengths of the requests are not known",
                            "a table [lengths], or --input-len and --output-len, or --trace"));
  }
  return with_fixed_lengths(std::move(base), prompt, output);
}

std::string arrival_words(double rate_per_s, double burstiness) {
  if (std::isinf(rate_per_s)) return "all there at the start";
  const std::string rate = report::significant(rate_per_s) + " requests/s";
  return burstiness == 1.0 ? fmt::format("Poisson at {}", rate)
                           : fmt::format("at {}, burstiness {}", rate, report::significant(burstiness));
}

Result<Load> made_load(const Arguments& arguments, const Subject& subject, std::optional<double> rate_per_s) {
  Load load;
  const double planned = subject.planned ? subject.planned->rate_per_s * subject.replicas : infinite;
  load.rate_per_s = rate_per_s.value_or(planned);
  PLUMB_ASSIGN(const auto burstiness, arguments.number("--burstiness", 1e-3, 1e6));
  load.burstiness = burstiness.value_or(1.0);
  const std::int64_t absent = subject.planned ? subject.planned->requests * subject.replicas : requests_default;
  PLUMB_ASSIGN(load.requests, arguments.integer("--requests", absent, 1, requests_max));
  PLUMB_ASSIGN(const workload::LengthSamplerPtr lengths, made_lengths(arguments, subject));

  load.words = fmt::format("{} requests, {}; lengths: {}", report::count(load.requests),
                           arrival_words(*load.rate_per_s, load.burstiness), lengths->description());
  workload::GeneratorOptions options;
  options.rate_per_s = *load.rate_per_s;
  options.count = load.requests;
  options.seed = subject.seed;
  options.burstiness = load.burstiness;
  load.source = workload::generate_requests(std::move(options), lengths);
  return load;
}

Status refuse(const Arguments& arguments, std::initializer_list<std::string_view> names, std::string_view with) {
  for (const std::string_view name : names) {
    if (!arguments.flag(name)) continue;
    return fail(input_error({}, fmt::format("{} does not go with {}", name, with),
                            "--rate beside it, which makes arrivals of its own"));
  }
  return {};
}

Result<Load> trace_load(const Arguments& arguments, const std::string& path) {
  PLUMB_TRY(refuse(arguments, {"--burstiness", "--input-len", "--output-len"}, "the times and lengths of --trace"));
  Load load;
  workload::TraceOptions options;
  PLUMB_ASSIGN(options.count_max, arguments.integer("--requests", 0, 1, requests_max));
  PLUMB_ASSIGN(std::unique_ptr<workload::TraceSource> trace, workload::open_trace(path, options));
  load.requests = options.count_max;
  load.words = options.count_max > 0
                   ? fmt::format("the first {} requests of {}", report::count(options.count_max), path)
                   : fmt::format("the requests of {}", path);
  load.trace = trace.get();
  load.source = std::move(trace);
  return load;
}

/// What the file says: its sessions, or its arrivals.
Result<Load> file_load(const Arguments& arguments, const Subject& subject) {
  Load load;
  PLUMB_TRY(refuse(arguments, {"--burstiness"}, "the arrivals of the file"));
  if (subject.sessions) {
    PLUMB_TRY(refuse(arguments, {"--input-len", "--output-len"}, "the [sessions] of the file"));
    workload::SessionsTable table = *subject.sessions;
    table.sessions.starts.seed = subject.seed;
    PLUMB_ASSIGN(table.sessions.starts.count,
                 arguments.integer("--requests", table.sessions.starts.count, 1, requests_max));
    load.words = fmt::format("{} sessions, {} a second", report::count(table.sessions.starts.count),
                             report::significant(table.sessions.starts.rate_per_s));
    load.source = workload::requests_of(table);
    return load;
  }
  workload::LoadTable table = *subject.load;
  table.arrivals.seed = subject.seed;
  PLUMB_ASSIGN(table.arrivals.count, arguments.integer("--requests", table.arrivals.count, 1, requests_max));
  PLUMB_ASSIGN(const workload::LengthSamplerPtr lengths, made_lengths(arguments, subject));
  load.rate_per_s = table.arrivals.rate_per_s;
  load.burstiness = table.arrivals.burstiness;
  load.requests = table.arrivals.count;
  load.words = fmt::format(
      "{} requests, {}{}; lengths: {}", report::count(load.requests), arrival_words(*load.rate_per_s, load.burstiness),
      table.curve_name.empty() ? "" : fmt::format(" on average, along {}", table.curve_name), lengths->description());
  load.source = workload::requests_of(table, lengths);
  return load;
}

Result<Load> load_of(const Arguments& arguments, const Subject& subject) {
  PLUMB_ASSIGN(const std::optional<double> rate_per_s, read_rate(arguments));
  const auto trace = arguments.text("--trace");
  if (trace && !rate_per_s) return trace_load(arguments, *trace);
  const bool file_says = !trace && !rate_per_s && (subject.load || subject.sessions);
  return file_says ? file_load(arguments, subject) : made_load(arguments, subject, rate_per_s);
}

}  // namespace

workload::LengthSamplerPtr with_fixed_lengths(workload::LengthSamplerPtr base, std::int64_t prompt_tokens,
                                              std::int64_t output_tokens) {
  if (prompt_tokens > 0 && output_tokens > 0) return workload::fixed_lengths({prompt_tokens, output_tokens});
  assert(base != nullptr);
  if (prompt_tokens == 0 && output_tokens == 0) return base;
  return std::make_shared<PartlyFixedLengths>(std::move(base), prompt_tokens, output_tokens);
}

Result<Load> make_load(const Arguments& arguments, const Subject& subject) {
  PLUMB_ASSIGN(Load load, load_of(arguments, subject));
  PLUMB_ASSIGN(const std::int64_t concurrency, arguments.integer("--max-concurrency", 0, 1, requests_max));
  if (concurrency == 0) return load;
  load.source = workload::limit_concurrency(std::move(load.source), concurrency);
  load.words += fmt::format(", at most {} at a time", report::count(concurrency));
  return load;
}

}  // namespace plumb::cli

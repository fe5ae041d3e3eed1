#include "workload/lengths.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "workload/length_distributions.h"
#include "workload/named_file.h"
#include "workload/trace.h"

namespace plumb::workload {
namespace {

class IndependentLengths : public LengthSampler {
 public:
  IndependentLengths(Length prompt, Length output) : prompt_(std::move(prompt)), output_(std::move(output)) {}
  Lengths sample(Stream& stream) const override {
    const std::int64_t prompt_tokens = prompt_.sample(stream);
    return {prompt_tokens, output_.sample(stream)};
  }
  std::string description() const override {
    return fmt::format("{} / {}", prompt_.distribution->description(), output_.distribution->description());
  }

 private:
  Length prompt_, output_;
};

class PairLengths : public LengthSampler {
 public:
  PairLengths(std::vector<Lengths> pairs, std::string description)
      : pairs_(std::move(pairs)), description_(std::move(description)) {
    assert(!pairs_.empty());
  }
  Lengths sample(Stream& stream) const override { return pairs_[stream.below(pairs_.size())]; }
  std::string description() const override { return description_; }

 private:
  std::vector<Lengths> pairs_;
  std::string description_;
};

class FixedLengths : public LengthSampler {
 public:
  explicit FixedLengths(Lengths lengths) : lengths_(lengths) {}
  Lengths sample(Stream&) const override { return lengths_; }
  std::string description() const override {
    return fmt::format("fixed {} / fixed {}", lengths_.prompt_tokens, lengths_.output_tokens);
  }

 private:
  Lengths lengths_;
};

/// Streams the trace: a week of requests need not be in memory for their lengths.
Result<std::vector<Lengths>> read_pairs(const std::string& path) {
  PLUMB_ASSIGN(const std::unique_ptr<TraceSource> trace, open_trace(path));
  std::vector<Lengths> pairs;
  for (;;) {
    PLUMB_ASSIGN(const std::optional<Request> request, trace->next());
    if (!request) return pairs;
    pairs.push_back({request->prompt_tokens, request->output_tokens});
  }
}

Result<LengthSamplerPtr> read_trace_lengths(Reader& table, const std::string& folder) {
  const std::string name = table.text("trace");
  PLUMB_TRY(table.first_error());
  Result<std::vector<Lengths>> pairs = read_pairs(path_in(folder, name));
  if (!pairs) return fail(at_key(std::move(pairs).error(), table, "trace"));
  if (pairs->empty()) {
    return fail(table.error("trace", fmt::format("\"{}\" holds no requests with output tokens", name),
                            "a trace with at least one"));
  }
  std::string description = fmt::format("{}, {} pairs", name, pairs->size());
  return lengths_of_pairs(std::move(*pairs), std::move(description));
}

}  // namespace

Result<LengthSamplerPtr> read_lengths(Reader& table, const std::string& folder) {
  if (table.has("trace")) {
    for (const std::string_view other : {"prompt", "output"}) {
      if (table.has(other)) {
        table.reject(other, fmt::format("\"{}\" stands beside \"trace\"", other),
                     "either a trace, or prompt and output");
      }
    }
    return read_trace_lengths(table, folder);
  }
  if (!table.has("prompt") && !table.has("output")) {
    table.reject("trace", "no lengths are given", "trace = ..., or prompt = { ... } and output = { ... }");
  }
  table.allow("trace");
  PLUMB_ASSIGN(Length prompt, read_length(table.table("prompt"), folder));
  PLUMB_ASSIGN(Length output, read_length(table.table("output"), folder));
  return std::make_shared<const IndependentLengths>(std::move(prompt), std::move(output));
}

LengthSamplerPtr lengths_of_pairs(std::vector<Lengths> pairs, std::string description) {
  return std::make_shared<const PairLengths>(std::move(pairs), std::move(description));
}

LengthSamplerPtr fixed_lengths(Lengths lengths) { return std::make_shared<const FixedLengths>(lengths); }

MeanLengths mean_lengths(const LengthSampler& sampler, std::uint64_t seed, std::size_t count) {
  Stream stream(seed, "mean_lengths");
  // Sums of whole numbers are exact, and so do not depend on the order of the draws.
  std::int64_t prompt_sum = 0, output_sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Lengths lengths = sampler.sample(stream);
    prompt_sum += lengths.prompt_tokens;
    output_sum += lengths.output_tokens;
  }
  const double n = static_cast<double>(std::max<std::size_t>(count, 1));
  return {static_cast<double>(prompt_sum) / n, static_cast<double>(output_sum) / n};
}

}  // namespace plumb::workload

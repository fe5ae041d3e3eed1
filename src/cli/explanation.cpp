#include "cli/explanation.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/step_view.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

constexpr std::int64_t batch_default = 32;

/// The format in which the prefill does most of its operations.
NumberFormat main_format(const Subject& subject, std::int64_t prompt_tokens) {
  const serving::Deployment& spec = subject.spec();
  model::Step step;
  model::add_prefill(*spec.model, step, prompt_tokens, 0, true);
  std::array<double, number_format_names.size()> operations{};
  for (int stage = 0; stage < spec.parallelism.pipeline; ++stage) {
    for (const model::Operator& op : model::operators(*spec.model, spec.precision, spec.parallelism, stage)) {
      const auto rate = spec.machine.rate(op.compute);
      if (rate) operations[static_cast<std::size_t>(rate->format)] += model::work_of(op, step).operations;
    }
  }
  return static_cast<NumberFormat>(std::max_element(operations.begin(), operations.end()) - operations.begin());
}

/// Requests of that cache that fit in the pool together, within max_num_seqs.
std::int64_t batch_max(const Subject& subject, std::int64_t cache_bytes) {
  const std::int64_t fit =
      cache_bytes > 0 ? subject.deployment->cache.pool_bytes / cache_bytes : subject.spec().engine.max_num_seqs;
  return std::max<std::int64_t>(1, std::min(fit, subject.spec().engine.max_num_seqs));
}

Result<std::int64_t> choose_batch(const Subject& subject, std::int64_t asked, std::int64_t cache_bytes) {
  const std::int64_t most = batch_max(subject, cache_bytes);
  if (asked > subject.spec().engine.max_num_seqs) {
    return fail(
        input_error({}, fmt::format("--batch is {}", asked),
                    fmt::format("at most {}, max_num_seqs of the deployment", subject.spec().engine.max_num_seqs)));
  }
  if (asked > most) {
    return fail(
        unmet_error(fmt::format("{} requests take {} of cache a rank, and there are {}", asked,
                                report::human(Bytes::of(static_cast<double>(asked) * static_cast<double>(cache_bytes))),
                                report::human(Bytes::of(subject.deployment->memory.cache_pool_bytes))),
                    fmt::format("--batch of at most {}", most)));
  }
  if (asked > 0) return asked;
  const std::int64_t seen =
      subject.planned ? static_cast<std::int64_t>(subject.planned->sequences_mean + 0.5) : batch_default;
  return std::clamp<std::int64_t>(seen, 1, most);
}

RequestBill bill_of(const Subject& subject, double prefill_s, double decode_s, std::int64_t output_tokens) {
  RequestBill bill;
  bill.prefill_s = prefill_s;
  bill.decode_s = decode_s;
  const double ranks = subject.ranks();
  bill.joules_max = subject.spec().machine.power_w * ranks * bill.replica_s();
  if (subject.cost) {
    bill.dollars = subject.cost->total().value() * ranks * bill.replica_s();
    bill.dollars_per_million_output = *bill.dollars / static_cast<double>(output_tokens) * 1e6;
  }
  return bill;
}

}  // namespace

Result<Explanation> explain(const Subject& subject, const ExplainOptions& options) {
  const serving::CompiledDeployment& deployment = *subject.deployment;
  Explanation explanation;
  explanation.prompt_tokens = options.prompt_tokens;
  explanation.output_tokens = options.output_tokens;
  const std::int64_t tokens = options.prompt_tokens + options.output_tokens;
  if (tokens > deployment.max_model_len) {
    return fail(unmet_error(fmt::format("a request of {} tokens is longer than the {} that the deployment admits",
                                        tokens, deployment.max_model_len)));
  }
  explanation.cache_bytes = deployment.cache.bytes_of(tokens);
  PLUMB_ASSIGN(explanation.batch, choose_batch(subject, options.batch, explanation.cache_bytes));

  explanation.format = main_format(subject, options.prompt_tokens);
  explanation.peak_flops_per_s = subject.spec().machine.rate(explanation.format)->flops_per_s;
  explanation.ridge = explanation.peak_flops_per_s / subject.spec().machine.memory_bytes_per_s;

  const std::int64_t middle = options.prompt_tokens + std::max<std::int64_t>(1, options.output_tokens / 2);
  explanation.prefill = view_prefill(deployment, options.prompt_tokens);
  explanation.alone = view_decode(deployment, 1, middle);
  explanation.together = view_decode(deployment, explanation.batch, middle);

  explanation.in_memory =
      batches_in_memory(deployment, std::max(explanation.batch, batch_max(subject, explanation.cache_bytes)), middle);

  const double alone_s = decode_time_s(deployment, 1, options.prompt_tokens, options.output_tokens);
  const double together_s = decode_time_s(deployment, explanation.batch, options.prompt_tokens, options.output_tokens);
  explanation.ttft_s = explanation.prefill.seconds;
  explanation.e2e_alone_s = explanation.ttft_s + alone_s;
  if (options.output_tokens > 1) explanation.tpot_alone_s = alone_s / static_cast<double>(options.output_tokens - 1);
  explanation.bill_alone = bill_of(subject, explanation.ttft_s, alone_s, options.output_tokens);
  explanation.bill_together =
      bill_of(subject, explanation.ttft_s, together_s / static_cast<double>(explanation.batch), options.output_tokens);
  return explanation;
}

}  // namespace plumb::cli

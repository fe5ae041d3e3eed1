#include "accelerator/attention_cost.h"

#include <algorithm>
#include <cassert>

namespace plumb::accelerator {
namespace {

constexpr double rounding = 1e-12;

NumberFormat cache_format(double bits) { return bits <= 8.0 ? NumberFormat::fp8 : NumberFormat::bf16; }

/// The fit of a family for a cache of that format; null where there is none, and for an indexer, which has scores only.
const catalog::KernelFit* fit_of(const Machine& machine, const model::Attention& shape, std::string_view of_heads,
                                 std::string_view of_latents) {
  if (shape.value_width == 0) return nullptr;
  return machine.fit(shape.latent ? of_latents : of_heads, cache_format(shape.cache_bits), shape.cache_bits);
}

const catalog::KernelFit* decode_fit(const Machine& machine, const model::Attention& shape) {
  return fit_of(machine, shape, "attention_decode", "mla_decode");
}
const catalog::KernelFit* prefill_fit(const Machine& machine, const model::Attention& shape) {
  return fit_of(machine, shape, "attention_prefill", "mla_prefill");
}

}  // namespace

bool has_attention_fits(const Machine& machine) {
  const model::Attention any{.value_width = 1};
  return !machine.pim && decode_fit(machine, any) != nullptr && prefill_fit(machine, any) != nullptr;
}

bool AttentionCost::is_measured(const Machine& machine, const model::Operator& op) {
  const auto* shape = std::get_if<model::Attention>(&op.shape);
  return shape != nullptr && has_attention_fits(machine) && decode_fit(machine, *shape) != nullptr &&
         prefill_fit(machine, *shape) != nullptr;
}

AttentionMachine attention_machine(const Machine& machine, double peak_flops_per_s, const OperatorDemands& demands) {
  const MemorySustains& memory = machine.memory_sustains;
  return {.peak_flops_per_s = peak_flops_per_s,
          .memory_bytes_per_s = machine.memory_bytes_per_s,
          .cache_factor = memory.share(demands.cache) / memory.reference_share,
          .activation_factor = memory.share(demands.activations) / memory.reference_share};
}

AttentionCost::AttentionCost(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
                             const OperatorDemands& demands, double least_s)
    : attention_(std::get<model::Attention>(op.shape)),
      spread_(op.spread),
      again_(op.again),
      runs_(op.count),
      least_s_(least_s),
      shape_(attention_shape(attention_, op.activation_bits)),
      machine_(attention_machine(machine, rate.flops_per_s, demands)) {
  const catalog::KernelFit &decode = *decode_fit(machine, attention_), &prefill = *prefill_fit(machine, attention_);
  const DecodeAttentionParameters parameters = decode_attention_parameters(*decode.family, decode.values);
  decode_.emplace(parameters, shape_, machine_);
  bandwidth_ = parameters.bandwidth;
  prefill_ = prefill_attention_parameters(*prefill.family, prefill.values);
  prefill_.bandwidth = machine.efficiency.bandwidth.value;
  source_ = decode.evidence == Evidence::measured ? TimeSource::fitted : TimeSource::transferred;
}

model::AttentionCounts AttentionCost::counts(const model::Step& step) const {
  if (again_) return model::attention_counts(attention_, spread_, model::step_again(step));
  return model::attention_counts(attention_, spread_, step);
}

std::optional<AttentionCost::Decode> AttentionCost::decode(const model::AttentionCounts& counts) const {
  if (counts.decode_rows == 0.0) return std::nullopt;
  const DecodeWork work{.sequences = counts.decode_sequences,
                        .rows = counts.decode_rows,
                        .more_pairs = counts.decode_share * (counts.decode_pairs - counts.decode_keys)};
  return Decode{decode_->launch_s(work), decode_->lines(work)};
}

PrefillWork AttentionCost::prefill_work(const model::AttentionCounts& counts) const {
  return {.chunks = counts.chunks,
          .tokens = counts.prefill_rows,
          .pairs = counts.prefill_share * counts.prefill_pairs,
          .keys = counts.prefill_share * counts.prefill_keys};
}

double AttentionCost::prefill_seconds(const model::AttentionCounts& counts) const {
  if (counts.prefill_rows == 0.0) return 0.0;
  return std::max(least_s_, prefill_attention_time(prefill_, shape_, machine_, prefill_work(counts)).seconds());
}

double AttentionCost::seconds(const model::Step& step) const {
  const model::AttentionCounts of_step = counts(step);
  double seconds = prefill_seconds(of_step);
  if (const std::optional<Decode> of = decode(of_step)) {
    const double keys = of_step.decode_share * of_step.decode_keys;
    seconds += std::max(least_s_, of->launch_s + decode_seconds(of->lines, keys));
  }
  return runs_ * seconds;
}

void AttentionCost::add_decode(const model::AttentionCounts& counts, OperatorTime& time) const {
  const std::optional<Decode> of = decode(counts);
  if (!of) return;
  const double keys = counts.decode_share * counts.decode_keys;
  const double longest_s = decode_seconds(of->lines, keys), seconds = std::max(least_s_, of->launch_s + longest_s);
  const auto at = [&](DecodeSide side) { return of->lines[static_cast<std::size_t>(side)].at(keys); };
  const double cache_s = keys * shape_.key_bytes * machine_.cache_byte_s(bandwidth_);
  const double activations_s = counts.decode_rows * shape_.row_bytes * machine_.activation_byte_s(bandwidth_);
  double bound_s = 0.0;
  if (at(DecodeSide::compute) >= longest_s) {
    bound_s = longest_s;
    time.at(Bound::compute) += runs_ * longest_s;
  } else if (at(DecodeSide::multiprocessors) < longest_s && at(DecodeSide::chain) < longest_s) {
    bound_s = cache_s + activations_s;
    time.at(Bound::cache) += runs_ * cache_s;
    time.at(Bound::activations) += runs_ * activations_s;
  }
  time.at(Bound::overhead) += runs_ * (seconds - bound_s);
  assert(seconds >= (1.0 - rounding) * std::max((keys * shape_.key_bytes + counts.decode_rows * shape_.row_bytes) /
                                                    machine_.memory_bytes_per_s,
                                                counts.decode_share * counts.decode_pairs * shape_.operations_per_pair /
                                                    machine_.peak_flops_per_s));
}

void AttentionCost::add_prefill(const model::AttentionCounts& counts, OperatorTime& time) const {
  if (counts.prefill_rows == 0.0) return;
  const PrefillWork work = prefill_work(counts);
  const PrefillTime parts = prefill_attention_time(prefill_, shape_, machine_, work);
  const double key_bytes = work.keys * shape_.key_bytes, row_bytes = work.tokens * shape_.row_bytes;
  const double of_keys = key_bytes / (key_bytes + row_bytes);
  time.at(Bound::compute) += runs_ * parts.compute_s;
  time.at(Bound::cache) += runs_ * parts.memory_s * of_keys;
  time.at(Bound::activations) += runs_ * parts.memory_s * (1.0 - of_keys);
  time.at(Bound::overhead) += runs_ * (parts.overhead_s + std::max(0.0, least_s_ - parts.seconds()));
  assert(parts.seconds() >=
         (1.0 - rounding) * std::max((key_bytes + row_bytes) / machine_.memory_bytes_per_s,
                                     work.pairs * shape_.operations_per_pair / machine_.peak_flops_per_s));
}

OperatorTime AttentionCost::time(const model::Step& step) const {
  OperatorTime time;
  const model::AttentionCounts of_step = counts(step);
  add_decode(of_step, time);
  add_prefill(of_step, time);
  return time;
}

}  // namespace plumb::accelerator

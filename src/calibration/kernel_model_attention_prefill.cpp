// Attention of whole prompts, all of one length: columns sequences, tokens, heads, kv_heads, width, window; of MLA
// sequences, tokens, heads. The format is that of the cache.

#include "accelerator/kernel_attention_prefill.h"
#include "calibration/attention_columns.h"

namespace plumb::calibration {
namespace {

class PrefillModel final : public KernelModel {
 public:
  explicit PrefillModel(AttentionKind kind) : kind_(kind) {}

  const catalog::KernelFamily& family() const override { return *catalog::kernel_family(name()); }
  std::span<const std::string_view> columns() const override {
    if (kind_ == AttentionKind::heads) return attention_prefill_sizes;
    return mla_prefill_sizes;
  }

  bool is_told(std::size_t parameter, std::string_view) const override {
    const std::string_view key = family().parameters[parameter].key;
    return kind_ == AttentionKind::heads || (key != "half_width" && key != "window");
  }

  /// Prompts of one token run as decodes do.
  bool is_usable(const Target& target, std::string_view format, const KernelPoint& point) const override {
    const auto shape = accelerator::attention_shape(attention_of(kind_, format, point), activation_bits);
    const accelerator::PrefillWork work = work_of(point);
    const auto rate = target.machine.rate(NumberFormat::bf16);
    const double least_s = rate ? work.pairs * shape.operations_per_pair / rate->flops_per_s : 0.0;
    return point.at[length] > 1.0 && least_s <= point.seconds;
  }

  void seconds(const Target& target, std::string_view format, std::span<const double> values,
               std::span<const KernelPoint> points, std::span<double> seconds) const override {
    const auto parameters = accelerator::prefill_attention_parameters(family(), values);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const model::Attention attended = attention_of(kind_, format, points[i]);
      const auto shape = accelerator::attention_shape(attended, activation_bits);
      const accelerator::AttentionMachine machine = attention_machine(target, attended);
      seconds[i] = accelerator::prefill_attention_time(parameters, shape, machine, work_of(points[i])).seconds();
    }
  }

 private:
  static constexpr double activation_bits = 16.0;
  std::string_view name() const { return kind_ == AttentionKind::heads ? "attention_prefill" : "mla_prefill"; }
  /// Keys have just been written, and are counted as read from memory by nothing: on-chip memory has them.
  accelerator::PrefillWork work_of(const KernelPoint& point) const {
    const double n = point.at[sequences];
    const double reach = kind_ == AttentionKind::heads ? point.at[window] : 0.0;
    return {.chunks = n,
            .tokens = n * point.at[length],
            .pairs = n * span_of(reach).pairs(static_cast<std::int64_t>(point.at[length]), 0)};
  }
  AttentionKind kind_;
};

}  // namespace

const KernelModel& attention_prefill_model() {
  static const PrefillModel model(AttentionKind::heads);
  return model;
}

const KernelModel& mla_prefill_model() {
  static const PrefillModel model(AttentionKind::expanded);
  return model;
}

}  // namespace plumb::calibration

// Attention of decode sequences, all of one length: columns sequences, keys, heads, kv_heads, width, window; of MLA
// sequences, keys, heads. `keys` counts the token at hand. The format is that of the cache.

#include "accelerator/kernel_attention_decode.h"
#include "calibration/attention_columns.h"

namespace plumb::calibration {
namespace {

class DecodeModel final : public KernelModel {
 public:
  explicit DecodeModel(AttentionKind kind) : kind_(kind) {}

  const catalog::KernelFamily& family() const override { return *catalog::kernel_family(name()); }
  std::span<const std::string_view> columns() const override {
    if (kind_ == AttentionKind::heads) return attention_decode_sizes;
    return mla_decode_sizes;
  }

  bool is_told(std::size_t parameter, std::string_view) const override {
    const std::string_view key = family().parameters[parameter].key;
    // Latents have one width, no window, and are shared by all heads.
    if (kind_ == AttentionKind::absorbed)
      return key != "width_launch" && key != "group_launch" && key != "tile_width" && key != "window" &&
             key != "window_launch" && key != "chain_single";
    return key != "share";
  }

  /// Benchmarks read the same cache again and again. What stays in on-chip memory says how long multiprocessors take,
  /// but not how long reading it would. A window that does not cut the keys changes nothing.
  bool is_usable(const Target& target, std::string_view format, const KernelPoint& point) const override {
    constexpr double matters = 0.15;
    const bool cuts = kind_ != AttentionKind::heads || point.at[window] == 0.0 || point.at[length] > point.at[window];
    const double bytes = keys(point) * attention_of(kind_, format, point).key_bytes;
    const double least_s = bytes / target.machine.memory_bytes_per_s;
    return cuts && least_s <= point.seconds && !(bytes <= target.sram_bytes && least_s > matters * point.seconds);
  }

  void seconds(const Target& target, std::string_view format, std::span<const double> values,
               std::span<const KernelPoint> points, std::span<double> seconds) const override {
    const auto parameters = accelerator::decode_attention_parameters(family(), values);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const model::Attention attended = attention_of(kind_, format, points[i]);
      const auto shape = accelerator::attention_shape(attended, activation_bits);
      const accelerator::AttentionMachine machine = attention_machine(target, attended);
      const double n = points[i].at[sequences];
      const accelerator::DecodeAttention attention(parameters, shape, machine);
      seconds[i] = attention.seconds({.sequences = n, .rows = n}, keys(points[i]));
    }
  }

 private:
  static constexpr double activation_bits = 16.0;
  std::string_view name() const { return kind_ == AttentionKind::heads ? "attention_decode" : "mla_decode"; }
  double keys(const KernelPoint& point) const {
    const double reach = kind_ == AttentionKind::heads ? point.at[window] : 0.0;
    return point.at[sequences] * span_of(reach).keys(static_cast<std::int64_t>(point.at[length]));
  }
  AttentionKind kind_;
};

}  // namespace

const KernelModel& attention_decode_model() {
  static const DecodeModel model(AttentionKind::heads);
  return model;
}

const KernelModel& mla_decode_model() {
  static const DecodeModel model(AttentionKind::absorbed);
  return model;
}

}  // namespace plumb::calibration

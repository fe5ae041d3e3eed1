// The gated delta rule: columns sequences, tokens (of each; 1 is a decode), heads (of values, 128 x 128 numbers each,
// in 16 bits: with 32 the tables would be faster than memory is).

#include <algorithm>

#include "accelerator/kernel_state.h"
#include "calibration/kernel_model.h"

namespace plumb::calibration {
namespace {

constexpr std::array<std::string_view, 3> sizes{"sequences", "tokens", "heads"};
enum Column { sequences, tokens, heads };
constexpr double head_numbers = 128.0 * 128.0, state_bytes = 2.0, passes = 2.0;
/// Per number of the state and token, as model/linear_attention.cpp counts them.
constexpr double operations = 7.0;

class StateModel final : public KernelModel {
 public:
  const catalog::KernelFamily& family() const override { return *catalog::kernel_family("state"); }
  std::span<const std::string_view> columns() const override { return sizes; }
  bool is_told(std::size_t, std::string_view) const override { return true; }
  bool is_usable(const Target& target, std::string_view, const KernelPoint& point) const override {
    constexpr double matters = 0.3;
    const double least_s = bytes(point) / target.machine.memory_bytes_per_s;
    return least_s <= point.seconds && !(bytes(point) <= target.sram_bytes && least_s > matters * point.seconds);
  }

  void seconds(const Target& target, std::string_view, std::span<const double> values,
               std::span<const KernelPoint> points, std::span<double> seconds) const override {
    const accelerator::StateParameters parameters = accelerator::state_parameters(family(), values);
    const auto rate = target.machine.rate(NumberFormat::bf16);
    const double per_operation = 1.0 / (parameters.share * (rate ? rate->flops_per_s : 1.0));
    constexpr double written = 0.5;
    const double used =
        target.machine.memory_sustains.used_share(parameters.bandwidth, {memory::Demand::Kind::mixed, written});
    const double per_byte = 1.0 / (used * target.machine.memory_bytes_per_s);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double work =
          operations * points[i].at[sequences] * points[i].at[tokens] * points[i].at[heads] * head_numbers;
      seconds[i] = parameters.launch_s + std::max(work * per_operation, bytes(points[i]) * per_byte);
    }
  }

 private:
  static double bytes(const KernelPoint& point) {
    return point.at[sequences] * point.at[heads] * head_numbers * state_bytes * passes;
  }
};

}  // namespace

const KernelModel& state_model() {
  static const StateModel model;
  return model;
}

}  // namespace plumb::calibration

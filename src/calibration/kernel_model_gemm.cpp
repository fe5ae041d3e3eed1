// Products: columns m, n, k.

#include <tuple>

#include "accelerator/kernel_gemm.h"
#include "calibration/kernel_model.h"

namespace plumb::calibration {
namespace {

constexpr std::array<std::string_view, 3> sizes{"m", "n", "k"};
constexpr double activation_bytes = 2.0;
/// Benchmarks go round several sets of operands, and six are what aiconfigurator has.
constexpr double operand_sets = 6.0;

class GemmModel final : public KernelModel {
 public:
  const catalog::KernelFamily& family() const override { return *catalog::kernel_family("gemm"); }
  std::span<const std::string_view> columns() const override { return sizes; }

  bool is_told(std::size_t parameter, std::string_view format) const override {
    const std::string_view key = family().parameters[parameter].key;
    if (key == "quantise") return format != "bf16";
    // Tables of fp8-block were launched one by one from the host, which hides what little there is besides.
    return format != "fp8-block" || (key != "launch" && key != "depth_latency");
  }

  bool is_usable(const Target& target, std::string_view format, const KernelPoint& point) const override {
    constexpr double matters = 0.3;
    const bool fits = operand_sets * weight_bytes(format, point) <= target.sram_bytes;
    const double least_s = bytes(format, point) / target.machine.memory_bytes_per_s;
    return least_s <= point.seconds && !(fits && least_s > matters * point.seconds);
  }

  void seconds(const Target& target, std::string_view format, std::span<const double> values,
               std::span<const KernelPoint> points, std::span<double> seconds) const override {
    const accelerator::GemmParameters parameters = accelerator::gemm_parameters(family(), values);
    const double peak = peak_flops_per_s(target.machine, format).value_or(1.0);
    const accelerator::OperatorDemands demands;
    const double per_weight_byte = seconds_per_byte(target.machine, parameters.bandwidth, demands.weights);
    const double per_activation_byte = seconds_per_byte(target.machine, parameters.bandwidth, demands.activations);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto& [m, n, k] = std::tie(points[i].at[0], points[i].at[1], points[i].at[2]);
      const accelerator::GemmWork work{
          .runs = 1.0,
          .rows = m,
          .depth = k,
          .operations = 2.0 * m * n * k,
          .memory_s = weight_bytes(format, points[i]) * per_weight_byte + activations(points[i]) * per_activation_byte,
          .quantised = format == "bf16" ? 0.0 : m * k};
      seconds[i] = accelerator::gemm_time(parameters, peak, work).seconds();
    }
  }

  std::optional<std::array<std::size_t, 3>> grid_columns() const override {
    return std::array<std::size_t, 3>{0, 1, 2};
  }

 private:
  static double weight_bytes(std::string_view format, const KernelPoint& point) {
    return point.at[1] * point.at[2] * weight_bits(format) / 8.0;
  }
  static double bytes(std::string_view format, const KernelPoint& point) {
    return weight_bytes(format, point) + activations(point);
  }
  static double activations(const KernelPoint& point) {
    return activation_bytes * point.at[0] * (point.at[1] + point.at[2]);
  }
};

}  // namespace

const KernelModel& gemm_model() {
  static const GemmModel model;
  return model;
}

}  // namespace plumb::calibration

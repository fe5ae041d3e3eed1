// Norms, activations, residuals, embeddings: columns tokens, bytes_per_token (read and written together).

#include "accelerator/kernel_elementwise.h"
#include "calibration/kernel_model.h"

namespace plumb::calibration {
namespace {

constexpr std::array<std::string_view, 2> sizes{"tokens", "bytes_per_token"};

class ElementwiseModel final : public KernelModel {
 public:
  const catalog::KernelFamily& family() const override { return *catalog::kernel_family("elementwise"); }
  std::span<const std::string_view> columns() const override { return sizes; }
  bool is_told(std::size_t, std::string_view) const override { return true; }

  /// What fits in on-chip memory comes from there when a benchmark runs it again.
  bool is_usable(const Target& target, std::string_view, const KernelPoint& point) const override {
    const double bytes = point.at[0] * point.at[1];
    return bytes > target.sram_bytes && bytes / target.machine.memory_bytes_per_s <= point.seconds;
  }

  void seconds(const Target& target, std::string_view, std::span<const double> values,
               std::span<const KernelPoint> points, std::span<double> seconds) const override {
    const accelerator::ElementwiseParameters parameters = accelerator::elementwise_parameters(family(), values);
    const double per_byte =
        seconds_per_byte(target.machine, parameters.bandwidth, accelerator::OperatorDemands{}.activations);
    for (std::size_t i = 0; i < points.size(); ++i)
      seconds[i] =
          accelerator::elementwise_time(parameters, 1.0, points[i].at[0] * points[i].at[1] * per_byte).seconds();
  }
};

}  // namespace

const KernelModel& elementwise_model() {
  static const ElementwiseModel model;
  return model;
}

}  // namespace plumb::calibration

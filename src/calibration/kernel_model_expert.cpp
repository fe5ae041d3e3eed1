// The routed experts of a layer: gate and up together, then down, as one measured time. Columns tokens, hidden,
// intermediate (of one expert on this rank), per_token, experts (all on this rank), zipf (0: choices spread evenly).

#include <algorithm>
#include <cmath>

#include "accelerator/kernel_expert.h"
#include "calibration/kernel_model.h"

namespace plumb::calibration {
namespace {

constexpr std::array<std::string_view, 6> sizes{"tokens", "hidden", "intermediate", "per_token", "experts", "zipf"};
enum Column { tokens, hidden, intermediate, per_token, experts, zipf };
constexpr double activation_bytes = 2.0;

/// Distinct experts that the tokens reach. Benchmarks that spread choices evenly deal them out in turn. With shares in
/// proportion to rank^-zipf a token picks expert j with the chance min(1, per_token x share).
double reached(const KernelPoint& point) {
  const double choices = point.at[tokens] * point.at[per_token], all = point.at[experts];
  if (point.at[zipf] == 0.0) return std::min(choices, all);
  double sum = 0.0, distinct = 0.0;
  for (double j = 1.0; j <= all; ++j) sum += std::pow(j, -point.at[zipf]);
  for (double j = 1.0; j <= all; ++j) {
    const double chance = std::min(1.0, point.at[per_token] * std::pow(j, -point.at[zipf]) / sum);
    distinct += chance >= 1.0 ? 1.0 : -std::expm1(point.at[tokens] * std::log1p(-chance));
  }
  return std::min({distinct, choices, all});
}

class ExpertModel final : public KernelModel {
 public:
  const catalog::KernelFamily& family() const override { return *catalog::kernel_family("expert"); }
  std::span<const std::string_view> columns() const override { return sizes; }
  bool is_told(std::size_t, std::string_view) const override { return true; }
  std::string_view held_by(std::string_view) const override { return ""; }

  bool is_usable(const Target& target, std::string_view format, const KernelPoint& point) const override {
    const double least_s = (projection(format, point, true).bytes() + projection(format, point, false).bytes()) /
                           target.machine.memory_bytes_per_s;
    return least_s <= point.seconds;
  }

  void seconds(const Target& target, std::string_view format, std::span<const double> values,
               std::span<const KernelPoint> points, std::span<double> seconds) const override {
    const accelerator::ExpertParameters parameters = accelerator::expert_parameters(family(), values);
    const double peak = peak_flops_per_s(target.machine, format).value_or(1.0);
    const double per_activation_byte =
        seconds_per_byte(target.machine, parameters.bandwidth, accelerator::OperatorDemands{}.activations);
    for (std::size_t i = 0; i < points.size(); ++i) {
      seconds[i] = 0.0;
      for (const bool first : {true, false}) {
        const Projection of = projection(format, points[i], first);
        const memory::Demand experts{memory::Demand::Kind::gathered, of.k * of.n * weight_bits(format) / 8.0};
        const double per_weight_byte = seconds_per_byte(target.machine, parameters.bandwidth, experts);
        const accelerator::ExpertWork work{
            .runs = 1.0,
            .depth = of.k,
            .operations = 2.0 * of.rows * of.k * of.n,
            .memory_s = of.weight_bytes * per_weight_byte + of.activation_bytes * per_activation_byte,
            .gathered = of.rows * (of.k + of.n)};
        seconds[i] += accelerator::expert_time(parameters, peak, work).seconds();
      }
    }
  }

 private:
  struct Projection {
    double rows = 0.0, k = 0.0, n = 0.0, weight_bytes = 0.0, activation_bytes = 0.0;
    double bytes() const { return weight_bytes + activation_bytes; }
  };
  static Projection projection(std::string_view format, const KernelPoint& point, bool first) {
    Projection of;
    of.rows = point.at[tokens] * point.at[per_token];
    of.k = first ? point.at[hidden] : point.at[intermediate];
    of.n = first ? 2.0 * point.at[intermediate] : point.at[hidden];
    of.weight_bytes = reached(point) * of.k * of.n * weight_bits(format) / 8.0;
    of.activation_bytes = activation_bytes * of.rows * (of.k + of.n);
    return of;
  }
};

}  // namespace

const KernelModel& expert_model() {
  static const ExpertModel model;
  return model;
}

}  // namespace plumb::calibration

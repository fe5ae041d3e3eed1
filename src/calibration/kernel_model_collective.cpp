// Collectives inside a domain: columns ranks, bytes (of the whole message, as in accelerator/collective.h), copies (of
// an exchange: experts that each token goes to; else 1).

#include "accelerator/kernel_collective.h"
#include "calibration/kernel_model.h"

namespace plumb::calibration {
namespace {

using Kind = model::Collective::Kind;

constexpr std::array<std::string_view, 3> sizes{"ranks", "bytes", "copies"};
enum Column { ranks, bytes, copies };

class CollectiveModel final : public KernelModel {
 public:
  CollectiveModel(std::string_view name, Kind kind, bool one_copy_a_rank)
      : name_(name), kind_(kind), one_copy_a_rank_(one_copy_a_rank) {}

  const catalog::KernelFamily& family() const override { return *catalog::kernel_family(name_); }
  std::span<const std::string_view> columns() const override { return sizes; }
  /// Exchanges were measured among eight ranks only.
  bool is_told(std::size_t parameter, std::string_view) const override {
    const std::string_view key = family().parameters[parameter].key;
    return kind_ != Kind::all_to_all || name_ == "all_to_all" || (key != "hop" && key != "crowding");
  }

  bool is_usable(const Target& target, std::string_view, const KernelPoint& point) const override {
    return target.machine.link_bytes_per_s > 0.0 && bound_s(target, point) <= point.seconds;
  }

  void seconds(const Target& target, std::string_view, std::span<const double> values,
               std::span<const KernelPoint> points, std::span<double> seconds) const override {
    const accelerator::CollectiveParameters parameters = accelerator::collective_parameters(family(), values);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto n = static_cast<int>(points[i].at[ranks]);
      seconds[i] = accelerator::measured_collective_s(parameters, n, bound_s(target, points[i]));
    }
  }

 private:
  double bound_s(const Target& target, const KernelPoint& point) const {
    const auto n = static_cast<int>(point.at[ranks]);
    const double sent = one_copy_a_rank_ ? accelerator::distinct_ranks(n, point.at[copies]) / point.at[copies] : 1.0;
    const accelerator::Wire wire{target.machine.link_bytes_per_s, 1.0, 0.0};
    return accelerator::wire_bound_s(kind_, n, sent * point.at[bytes], wire);
  }
  std::string_view name_;
  Kind kind_;
  bool one_copy_a_rank_;
};

}  // namespace

std::span<const KernelModel* const> collective_models() {
  static const CollectiveModel all_reduce("all_reduce", Kind::all_reduce, false);
  static const CollectiveModel custom("custom_all_reduce", Kind::all_reduce, false);
  static const CollectiveModel all_gather("all_gather", Kind::all_gather, false);
  static const CollectiveModel reduce_scatter("reduce_scatter", Kind::reduce_scatter, false);
  static const CollectiveModel all_to_all("all_to_all", Kind::all_to_all, false);
  static const CollectiveModel exchange("exchange", Kind::all_to_all, true);
  static const CollectiveModel low_latency("exchange_low_latency", Kind::all_to_all, false);
  static const std::array<const KernelModel*, 7> models{&all_reduce, &custom,   &all_gather, &reduce_scatter,
                                                        &all_to_all, &exchange, &low_latency};
  return models;
}

}  // namespace plumb::calibration

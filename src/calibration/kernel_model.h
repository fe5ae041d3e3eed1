#pragma once
// How a family of kernels is calibrated: the columns of its tables, and the time that src/accelerator's equation gives
// each point. A new family is a file kernel_model_*.cpp, a line in kernel_model.cpp and its parameters in
// src/catalog/kernel_families.cpp.
// Thread rule: models have no state; any number of threads may ask.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "accelerator/machine.h"
#include "calibration/kernel_point.h"
#include "catalog/kernel_fit.h"

namespace plumb::calibration {

/// What kernels were measured on.
struct Target {
  accelerator::Machine machine;
  double sram_bytes = 0.0;  ///< of its largest on-chip memory; 0: not known
};

class KernelModel {
 public:
  virtual ~KernelModel() = default;
  virtual const catalog::KernelFamily& family() const = 0;
  /// Sizes that a point has, as the table's header names them; at most columns_max.
  virtual std::span<const std::string_view> columns() const = 0;
  /// Whether points of a format tell the family's parameter of that index. The others are those of the format that
  /// held_by() names on the same accelerator, where it has been measured.
  virtual bool is_told(std::size_t parameter, std::string_view format) const = 0;
  virtual std::string_view held_by(std::string_view format) const { return format == "fp8-block" ? "fp8" : ""; }
  /// Whether the point tells of a step of a model: not one whose data stays in on-chip memory from run to run.
  virtual bool is_usable(const Target& target, std::string_view format, const KernelPoint& point) const = 0;
  /// Seconds of each point by the equation with these values of the parameters, in the family's order.
  virtual void seconds(const Target& target, std::string_view format, std::span<const double> values,
                       std::span<const KernelPoint> points, std::span<double> seconds) const = 0;
  /// The columns that a grid of residuals is over, the rows first; nothing: the family keeps none.
  virtual std::optional<std::array<std::size_t, 3>> grid_columns() const { return std::nullopt; }
};

/// All models, in the order of the families.
std::span<const KernelModel* const> kernel_models();
/// The model of the family of that name, or null.
const KernelModel* kernel_model(std::string_view family);

/// Seconds that a byte takes of a demand when `share` of the peak bandwidth is sustained of streamed weights, as an
/// operator of a step has it (accelerator/memory_share.h).
double seconds_per_byte(const accelerator::Machine& machine, double share, const memory::Demand& demand);

/// Bits of a stored weight in a format, scales included.
double weight_bits(std::string_view format);
/// The peak of what multiplies in a format; nothing where the machine does not.
std::optional<double> peak_flops_per_s(const accelerator::Machine& machine, std::string_view format);

const KernelModel& gemm_model();
const KernelModel& expert_model();
const KernelModel& elementwise_model();
const KernelModel& attention_decode_model();
const KernelModel& attention_prefill_model();
const KernelModel& mla_decode_model();
const KernelModel& mla_prefill_model();
const KernelModel& state_model();
/// Of each library and kind.
std::span<const KernelModel* const> collective_models();

}  // namespace plumb::calibration

#include "calibration/kernel_model.h"

#include <algorithm>

#include "base/number_format.h"

namespace plumb::calibration {
namespace {

NumberFormat multiplies_in(std::string_view format) {
  if (format == "fp4") return NumberFormat::fp4;
  return format == "bf16" ? NumberFormat::bf16 : NumberFormat::fp8;
}

}  // namespace

std::span<const KernelModel* const> kernel_models() {
  static const std::vector<const KernelModel*> models = [] {
    std::vector<const KernelModel*> all{
        &gemm_model(),
        &expert_model(),
        &elementwise_model(),
        &attention_decode_model(),
        &attention_prefill_model(),
        &mla_decode_model(),
        &mla_prefill_model(),
        &state_model(),
    };
    all.insert(all.end(), collective_models().begin(), collective_models().end());
    return all;
  }();
  return models;
}

const KernelModel* kernel_model(std::string_view family) {
  const std::span<const KernelModel* const> models = kernel_models();
  const auto found = std::find_if(models.begin(), models.end(),
                                  [&](const KernelModel* model) { return model->family().name == family; });
  return found == models.end() ? nullptr : *found;
}

double seconds_per_byte(const accelerator::Machine& machine, double share, const memory::Demand& demand) {
  return 1.0 / (machine.memory_sustains.used_share(share, demand) * machine.memory_bytes_per_s);
}

double weight_bits(std::string_view format) {
  constexpr double nvfp4_scale = 8.0 / 16.0, block_scale = 32.0 / (128.0 * 128.0);
  if (format == "fp4") return 4.0 + nvfp4_scale;
  if (format == "fp8-block") return 8.0 + block_scale;
  return format == "fp8" ? 8.0 : 16.0;
}

std::optional<double> peak_flops_per_s(const accelerator::Machine& machine, std::string_view format) {
  const NumberFormat wanted = multiplies_in(format);
  const auto rate = machine.rate(wanted);
  if (!rate || (rate->format != wanted && wanted != NumberFormat::bf16)) return std::nullopt;
  return rate->flops_per_s;
}

}  // namespace plumb::calibration

#pragma once
// Fits of attention for machines of tests: what a random accelerator's calibration might say.

#include <vector>

#include "accelerator/machine.h"
#include "catalog/kernel_fit.h"

namespace plumb::test {

inline catalog::KernelFit attention_fit(std::string_view family, std::string_view format, std::vector<double> values) {
  catalog::KernelFit fit;
  fit.family = catalog::kernel_family(family);
  fit.format = std::string(format);
  fit.values = std::move(values);
  fit.evidence = Evidence::measured;
  return fit;
}

/// In the order of catalog/kernel_families.cpp; much as on an H100.
inline std::vector<double> decode_values() {
  return {1e-5, 1e-6, 2e-7, 2.4e-6, 38.0, 1.7e-8, 9e-9, 2.8e-10, 1e-8, 3e-11, 6e-6, 0.95, 0.4, 3.8e-10, 2.2e-8, 0.6};
}
inline std::vector<double> prefill_values() { return {1.2e-5, 1.4e-9, 0.95, 60.0, 350.0, 34.0, 2e-8, 5e-10, 2.5e-12}; }

/// The machine with fits for a cache in bf16 and, with other figures, in fp8.
inline accelerator::Machine with_attention_fits(accelerator::Machine machine) {
  for (const std::string_view format : {"bf16", "fp8"}) {
    const double slower = format == "bf16" ? 1.0 : 1.3;
    for (const std::string_view family : {"attention_decode", "mla_decode"}) {
      std::vector<double> values = decode_values();
      for (const std::size_t time : {0, 5, 9, 10, 13}) values[time] *= slower;
      machine.kernels.put(attention_fit(family, format, values));
    }
    for (const std::string_view family : {"attention_prefill", "mla_prefill"})
      machine.kernels.put(attention_fit(family, format, prefill_values()));
  }
  return machine;
}

}  // namespace plumb::test

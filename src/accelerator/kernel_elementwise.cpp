#include "accelerator/kernel_elementwise.h"

namespace plumb::accelerator {

ElementwiseParameters elementwise_parameters(const catalog::KernelFamily& family, std::span<const double> values) {
  return {family.value(values, "bandwidth"), family.value(values, "launch")};
}

}  // namespace plumb::accelerator

// Every family of kernels that calibrations speak of. The equations are in src/accelerator/kernel_*.h.

#include <array>

#include "catalog/kernel_fit.h"

namespace plumb::catalog {
namespace {

constexpr KernelParameter share{"share", false, 0.02, 1.0, 0.7, "share of peak compute that large products sustain"};
constexpr KernelParameter bandwidth{"bandwidth", false, 0.02,
                                    1.0,         0.8,   "share of peak memory bandwidth that large ones sustain"};
constexpr KernelParameter overlap{"overlap", false, 1.0,
                                  64.0,      3.0,   "how well compute and memory overlap: 1 not at all, 64 wholly"};
constexpr KernelParameter launch{"launch", true, 1e-7, 1e-3, 3e-6, "time of the smallest"};

constexpr std::array gemm{
    share,
    bandwidth,
    KernelParameter{"half_depth", false, 0.01, 20000.0, 100.0, "inner dimension at which half the share is reached"},
    overlap,
    launch,
    KernelParameter{"depth_latency", true, 1e-13, 1e-8, 2e-10, "time for each element of the inner dimension"},
    KernelParameter{"quantise", true, 1e-16, 1e-10, 2e-12, "time to bring one activation into the narrow format"},
};

constexpr std::array expert{
    share,
    bandwidth,
    KernelParameter{"half_depth", false, 0.01, 20000.0, 100.0, "inner dimension at which half the share is reached"},
    overlap,
    launch,
    KernelParameter{"gather", true, 1e-16, 1e-10, 5e-13, "time to gather or scatter one element of a row"},
};

constexpr std::array elementwise{bandwidth, launch};

constexpr std::array families{
    KernelFamily{"gemm", gemm},
    KernelFamily{"expert", expert},
    KernelFamily{"elementwise", elementwise},
};

}  // namespace

std::span<const KernelFamily> kernel_families() { return families; }

}  // namespace plumb::catalog

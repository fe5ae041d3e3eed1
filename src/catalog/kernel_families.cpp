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

constexpr std::array attention_decode{
    KernelParameter{"launch", true, 1e-7, 1e-3, 9e-6, "time of the smallest"},
    KernelParameter{"width_launch", true, 1e-10, 1e-4, 5e-7, "the same, for each 128 numbers of width"},
    KernelParameter{"group_launch", true, 1e-9, 1e-4, 3e-7, "the same, where queries share a head of keys"},
    KernelParameter{"window_launch", true, 1e-9, 1e-4, 3e-7, "the same, where a window cuts the keys"},
    KernelParameter{"first_tiles", false, 0.1, 2000.0, 30.0, "tiles that begin with the launch"},
    KernelParameter{"tile", true, 1e-13, 1e-6, 1.5e-8, "time of a sequence's head of keys"},
    KernelParameter{"tile_width", true, 1e-13, 1e-6, 8e-9, "the same, for each 128 numbers of width"},
    KernelParameter{"row", true, 1e-14, 1e-7, 3e-10, "the same, for each query that shares it"},
    KernelParameter{"window", true, 1e-13, 1e-6, 1e-9, "the same, more where a window cuts the keys"},
    KernelParameter{"key", true, 1e-15, 1e-9, 3e-11, "time of a key that is in on-chip memory, of 128 numbers"},
    KernelParameter{"reading", true, 1e-9, 1e-4, 5e-6, "what reading from memory costs besides"},
    KernelParameter{"bandwidth", false, 0.02, 2.0, 0.9,
                    "share of peak memory bandwidth that reading sustains, as of streamed weights"},
    KernelParameter{"exposed", false, 1e-4, 2.0, 0.4, "share of the tiles' time that reading does not hide"},
    KernelParameter{"chain", true, 1e-12, 1e-6, 1e-9, "time of a key in a row, of 128 numbers"},
    KernelParameter{"chain_single", true, 1e-12, 1e-6, 5e-9, "the same, where no queries share a head of keys"},
    KernelParameter{"share", false, 0.02, 1.0, 0.7, "share of peak compute that scoring sustains"},
};

constexpr std::array attention_prefill{
    KernelParameter{"launch", true, 1e-7, 1e-3, 1e-5, "time of the smallest"},
    KernelParameter{"chunk", true, 1e-13, 1e-6, 1e-9, "time of a chunk's head of queries"},
    KernelParameter{"share", false, 0.02, 1.0, 0.7, "share of peak compute that long prompts sustain with wide heads"},
    KernelParameter{"half_width", false, 0.01, 2000.0, 40.0, "width at which half the share is reached"},
    KernelParameter{"diagonal", false, 0.01, 10000.0, 200.0, "keys seen at which half the share is reached"},
    KernelParameter{"window", false, 0.01, 10000.0, 60.0, "as many more where a window cuts the keys"},
    KernelParameter{"chain", true, 1e-12, 1e-6, 2e-8, "time of a key in a row, of 128 numbers"},
    KernelParameter{"token", true, 1e-13, 1e-7, 1e-9, "time to put a token's keys and values into the cache"},
    KernelParameter{"store", true, 1e-17, 1e-10, 2e-12, "time to put a number of a key or value into the cache"},
};

constexpr std::array collective{
    KernelParameter{"launch", true, 1e-7, 1e-3, 5e-6, "time of the smallest message between two ranks"},
    KernelParameter{"hop", true, 1e-10, 1e-4, 1e-6, "the same, more for each further rank"},
    KernelParameter{"share", false, 0.02, 1.0, 0.7, "share of a link that large messages reach between two ranks"},
    KernelParameter{"crowding", false, 0.5, 8.0, 1.0, "what a doubling of the ranks makes the time of"},
    KernelParameter{"fill", true, 1e-10, 1e-2, 2e-5, "what a large message's pipeline costs"},
    KernelParameter{"filling", true, 1e-9, 1e-2, 5e-6, "least time on the link of a message that pays half of that"},
};

constexpr std::array exchange{
    KernelParameter{"launch", true, 1e-7, 1e-3, 2e-5, "time of the smallest message"},
    KernelParameter{"hop", true, 1e-10, 1e-4, 1e-6, "the same, more for each further rank"},
    KernelParameter{"share", false, 0.02, 1.0, 0.5, "share of a link that large messages reach"},
    KernelParameter{"crowding", false, 1.0, 8.0, 1.1, "what a doubling of the ranks makes the time of"},
    KernelParameter{"fill", true, 1e-10, 1e-2, 1e-5, "what a large message's pipeline costs"},
    KernelParameter{"filling", true, 1e-9, 1e-2, 5e-6, "least time on the link of a message that pays half of that"},
};

constexpr std::array state{
    KernelParameter{"launch", true, 1e-7, 1e-3, 5e-6, "time of the smallest"},
    KernelParameter{"share", false, 1e-4, 1.0, 0.05, "share of peak compute that prompts sustain"},
    KernelParameter{"bandwidth", false, 0.02, 2.0, 0.6,
                    "share of peak memory bandwidth that states get, as of streamed weights"},
};

constexpr std::array families{
    KernelFamily{"gemm", gemm},
    KernelFamily{"expert", expert},
    KernelFamily{"elementwise", elementwise},
    KernelFamily{"attention_decode", attention_decode},
    KernelFamily{"attention_prefill", attention_prefill},
    KernelFamily{"mla_decode", attention_decode},
    KernelFamily{"mla_prefill", attention_prefill},
    KernelFamily{"state", state},
    KernelFamily{"all_reduce", collective},
    KernelFamily{"custom_all_reduce", collective},
    KernelFamily{"all_gather", collective},
    KernelFamily{"reduce_scatter", collective},
    KernelFamily{"all_to_all", collective},
    KernelFamily{"exchange", exchange},
    KernelFamily{"exchange_low_latency", exchange},
};

}  // namespace

std::span<const KernelFamily> kernel_families() { return families; }

}  // namespace plumb::catalog

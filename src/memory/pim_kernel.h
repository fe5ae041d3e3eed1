#pragma once
// One operator on a memory that computes, beside the host: what `plumb memory gemv` prints.
// Thread rule: pure functions.

#include <cstdint>
#include <optional>
#include <string_view>

#include "memory/pim_attention.h"
#include "memory/pim_cost.h"
#include "memory/pim_host.h"

namespace plumb::memory {

enum class PimKernelKind : std::uint8_t { gemv, add, multiply, relu, attention };
inline constexpr int pim_kernel_count = 5;
/// The word for it on the command line: "gemv", "add", "mul", "relu", "attention".
std::string_view pim_kernel_name(PimKernelKind kind);

struct PimKernelRequest {
  PimKernelKind kind = PimKernelKind::gemv;
  PimShape shape{4096, 4096};       ///< gemv
  int batch = 1;                    ///< gemv: vectors; crossovers are looked for up to 64, or to twice this
  std::int64_t elements = 1 << 20;  ///< add, multiply, relu
  AttentionShape attention;
};

struct PimKernelReport {
  MemoryReport host;
  PimRun run;                          ///< one pseudo-channel's, command by command
  PimFigure figure;                    ///< the whole memory's, with the mean of refreshes (pim_cost.h)
  std::optional<Crossover> crossover;  ///< gemv

  /// Clocks of the host over those of the units until the host has the results; over 1: the units are faster.
  double ratio(const Specification& of) const;
};

/// All channels of `of` share the operator. `sink` gets the commands of one pseudo-channel.
[[nodiscard]] Result<PimKernelReport> run_pim_kernel(const Specification& of, const PimKernelRequest& request,
                                                     const CommandSink& sink = {});

}  // namespace plumb::memory

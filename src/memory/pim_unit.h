#pragma once
// The units with which a memory computes: where they lie, what they hold and what a step of theirs costs. Data: the
// table [dram.pim] of a memory's file; the commands that drive them and the distances between these are in
// [dram.commands] and [dram.constraints] like any others. Sources of the two architectures:
//
//   HBM-PIM (Samsung: Kwon et al., ISSCC 2021 25.4; Lee et al., ISCA 2021; Hot Chips 33; Kim et al., IEEE Micro 2022):
//     a 16-lane FP16 unit for each pair of an even and an odd bank, with 32 instructions, 16 vector registers (8 of
//     them GRF_A, 8 GRF_B) of 32 bytes and 16 scalars; in all-bank mode one command drives all units of a
//     pseudo-channel, one operation each tCCD_L.
//   AiM (SK hynix: Lee et al., ISSCC 2022 11.1; Kwon et al., JSSC 2023; Hot Chips 34): a unit of 16 BF16 multipliers
//   and
//     an adder tree for each bank, a buffer of 2 KB a channel that holds the vector.
//
// Thread rule: plain data.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/evidence.h"

namespace plumb::memory {

/// What one unit serves.
enum class PimPlacement : std::uint8_t {
  bank,        ///< a bank (AiM, AttAcc-bank)
  bank_pair,   ///< an even bank and the odd one behind it (HBM-PIM)
  bank_group,  ///< a bank group of one rank (AttAcc-BG)
  buffer,      ///< a pseudo-channel, beside its pins on the buffer die (AttAcc-buffer)
  logic_die,   ///< a pseudo-channel, on the logic die, by more TSVs than the pins have (Duplex)
};
std::string_view pim_placement_name(PimPlacement placement);

enum class PimFormat : std::uint8_t { fp16, bf16 };
std::string_view pim_format_name(PimFormat format);

/// How the units take a vector, and so which kernels they run.
enum class PimStyle : std::uint8_t {
  registers,  ///< each unit its own vector registers; outputs are sums in lanes (HBM-PIM)
  buffer,     ///< one buffer a pseudo-channel for all units; an adder tree, one sum a unit (AiM, AttAcc)
};

struct PimUnit {
  PimPlacement placement = PimPlacement::bank;
  PimStyle style = PimStyle::buffer;
  PimFormat format = PimFormat::fp16;
  int lanes = 16;                 ///< elements that a unit takes at once: an access
  int vector_registers = 0;       ///< of a unit; style registers: of an access each, half for vectors, half for sums;
                                  ///< style buffer: sums that it keeps until they are read, 0 as 1
  int instructions = 0;           ///< of a unit's command register file, 4 bytes each
  std::int64_t buffer_bytes = 0;  ///< of a pseudo-channel's buffer
  std::int64_t rows = 0;          ///< of a bank that the units reach; 0: all
  double fence_clocks = 0;  ///< from the last data of a batch to the first command of the next, where the host must
                            ///< keep their order
  double operation_j = 0;         ///< J for one multiplication and addition of one lane
  double path_j = 0;              ///< J/bit from a bank's column decoder to the unit, beside the cell's
  double capacity_displaced = 0;  ///< share of the stack's capacity that units take the place of
  Evidence evidence = Evidence::assumed;
  std::string source, note;
};

struct Specification;

/// Units of one pseudo-channel.
int pim_units(const Specification& of);
/// Ticks from one compute of a pseudo-channel to the next, at the least: of the same banks and of others that it does
/// not cover.
struct PimInterval {
  std::int64_t same = 0, other = 0;
};
PimInterval pim_interval(const Specification& of);
/// What the units of the whole memory take from their banks at most, B/s, over what its pins carry:
///   banks at once / interval : 1 / tBL, intervals in ticks. It follows from the commands; no file states it.
double pim_bandwidth_multiple(const Specification& of);

}  // namespace plumb::memory

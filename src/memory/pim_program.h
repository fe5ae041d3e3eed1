#pragma once
// What the controller of one pseudo-channel sends to have its units compute: commands in the order in which they are
// issued, each with what the units do on it. All pseudo-channels of a memory run the same program on data of their own.
// Made by the kernels (pim_gemv.h, pim_elementwise.h), timed by pim_player.h, carried out by pim_machine.h.
// Thread rule: plain data.

#include <cstdint>
#include <vector>

#include "memory/specification.h"

namespace plumb::memory {

/// What a command does to the units, or to the host, besides its part in timing. `r` and `v` are PimStep::reg and vec.
enum class PimAct : std::uint8_t {
  none,
  load_vector,   ///< vector register v of all units, or access v of the buffer, takes the host's data
  clear,         ///< all sums become 0
  multiply_add,  ///< register r += column * vector v, lane by lane; style buffer: the unit's sum of group `data` +=
                 ///< their dot product
  take,           ///< register r takes the column
  take_positive,  ///< the same, negative lanes becoming 0 (ReLU)
  add,            ///< register r += column
  multiply,       ///< register r *= column
  put,            ///< the column takes register r
  read_sums,      ///< the units' sums of groups data to data + r - 1 go to the host
  read_out,       ///< an ordinary read: the column goes to the host
};

struct PimStep {
  int command = -1;  ///< -1: a fence; the data of all steps before it have come before the next begins
  int bank = 0;      ///< of the pseudo-channel, the lowest that the command covers
  std::int64_t row = 0;
  int column = 0;
  PimAct act = PimAct::none;
  int reg = 0, vec = 0;
  std::int64_t data = 0;  ///< load_vector: which access of the host's vector; else a group
};

struct PimProgram {
  std::vector<PimStep> steps;
  /// The first step that only brings results to the host; steps.size() where there is none.
  std::size_t results_from = 0;
};

}  // namespace plumb::memory

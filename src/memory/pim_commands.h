#pragma once
// The commands of a memory that kernels are written with, found by their meaning.
// Thread rule: immutable.

#include "memory/pim_program.h"
#include "memory/specification.h"

namespace plumb::memory {

struct PimCommands {
  explicit PimCommands(const Specification& of);

  int activate_all, precharge_all, compute, store, write_register, read_register, change_mode;
  int activate, precharge, read;

  /// A step that only opens, closes or changes the mode.
  static PimStep plain(int command, int bank = 0, std::int64_t row = 0) { return {command, bank, row}; }
  static PimStep fence() { return {}; }
};

}  // namespace plumb::memory

#pragma once
// What kernels for units with registers have in common: into the mode in which all banks and units obey one command,
// and out of it. Registers are reached through the last row that the units reach.
// Thread rule: immutable.

#include "memory/pim_commands.h"
#include "memory/pim_program.h"

namespace plumb::memory {

class PimRegisterMode {
 public:
  explicit PimRegisterMode(const Specification& of);

  const PimCommands& commands() const { return commands_; }
  /// All-bank mode; the units' program into their command registers, 4 bytes an instruction; the units on.
  void enter(PimProgram& program) const;
  /// The units off; single-bank mode.
  void leave(PimProgram& program) const;
  void open(PimProgram& program, std::int64_t row) const;
  void open_registers(PimProgram& program) const { open(program, register_row_); }
  void close(PimProgram& program) const;
  PimStep write_register(PimAct act) const { return {commands_.write_register, 0, register_row_, 0, act}; }

 private:
  PimCommands commands_;
  std::int64_t register_row_;
  int program_writes_;
};

}  // namespace plumb::memory

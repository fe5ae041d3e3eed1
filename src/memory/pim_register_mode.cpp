#include "memory/pim_register_mode.h"

namespace plumb::memory {

PimRegisterMode::PimRegisterMode(const Specification& of)
    : commands_(of),
      register_row_((of.pim->rows > 0 ? of.pim->rows : of.organisation.rows) - 1),
      program_writes_((of.pim->instructions * 4 + of.organisation.access_bytes - 1) / of.organisation.access_bytes) {}

void PimRegisterMode::enter(PimProgram& program) const {
  program.steps.push_back(PimCommands::plain(commands_.change_mode));
  open_registers(program);
  for (int i = 0; i < program_writes_ + 1; ++i) program.steps.push_back(write_register(PimAct::none));
  close(program);
}

void PimRegisterMode::leave(PimProgram& program) const {
  open_registers(program);
  program.steps.push_back(write_register(PimAct::none));
  close(program);
  program.steps.push_back(PimCommands::plain(commands_.change_mode));
}

void PimRegisterMode::open(PimProgram& program, std::int64_t row) const {
  program.steps.push_back(PimCommands::plain(commands_.activate_all, 0, row));
}

void PimRegisterMode::close(PimProgram& program) const {
  program.steps.push_back(PimCommands::plain(commands_.precharge_all));
}

}  // namespace plumb::memory

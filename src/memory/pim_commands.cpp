#include "memory/pim_commands.h"

namespace plumb::memory {

PimCommands::PimCommands(const Specification& of)
    : activate_all(of.command(Does::activate_all)),
      precharge_all(of.command(Does::precharge_all)),
      compute(of.command(Does::compute)),
      store(of.command(Does::store)),
      write_register(of.command(Does::write_register)),
      read_register(of.command(Does::read_register)),
      change_mode(of.command(Does::change_mode)),
      activate(of.command(Does::activate)),
      precharge(of.command(Does::precharge)),
      read(of.command(Does::read)) {}

}  // namespace plumb::memory

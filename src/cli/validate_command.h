#pragma once
// `plumb validate`: published measurements against the simulation of the same.

#include "cli/command.h"

namespace plumb::cli {

CommandSpec validate_command();

}  // namespace plumb::cli

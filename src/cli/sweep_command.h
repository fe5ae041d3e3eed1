#pragma once

#include "cli/command.h"

namespace plumb::cli {

CommandSpec sweep_command();

}  // namespace plumb::cli

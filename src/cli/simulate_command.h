#pragma once

#include "cli/command.h"

namespace plumb::cli {

CommandSpec simulate_command();

}  // namespace plumb::cli

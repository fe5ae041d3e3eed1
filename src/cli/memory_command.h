#pragma once

#include "cli/command.h"

namespace plumb::cli {

CommandSpec memory_command();

}  // namespace plumb::cli

#pragma once

#include "cli/command.h"

namespace plumb::cli {

CommandSpec plan_command();

}  // namespace plumb::cli

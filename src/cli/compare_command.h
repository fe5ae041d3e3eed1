#pragma once

#include "cli/command.h"

namespace plumb::cli {

CommandSpec compare_command();

}  // namespace plumb::cli

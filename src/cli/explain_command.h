#pragma once

#include "cli/command.h"

namespace plumb::cli {

CommandSpec explain_command();

}  // namespace plumb::cli

#pragma once

#include "cli/command.h"

namespace plumb::cli {

CommandSpec catalog_command();

}  // namespace plumb::cli

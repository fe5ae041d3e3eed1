#pragma once
// `plumb calibrate`: kernels' parameters from tables of measurements.

#include "cli/command.h"

namespace plumb::cli {

CommandSpec calibrate_command();

}  // namespace plumb::cli

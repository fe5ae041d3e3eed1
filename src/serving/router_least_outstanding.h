#pragma once
// Least outstanding: the replica with the fewest requests waiting or running; the first of those that tie.

#include <memory>

#include "serving/router.h"

namespace plumb::serving {

std::unique_ptr<Router> make_least_outstanding_router();

}  // namespace plumb::serving

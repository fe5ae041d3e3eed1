#pragma once
// Round-robin: request i goes to replica i mod n.

#include <memory>

#include "serving/router.h"

namespace plumb::serving {

std::unique_ptr<Router> make_round_robin_router();

}  // namespace plumb::serving

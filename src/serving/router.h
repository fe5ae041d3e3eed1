#pragma once
// A router gives each request of a fleet to one of its replicas. A new one is a file of its own and one line in the
// table of router.cpp.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "workload/request.h"

namespace plumb::serving {

class Router {
 public:
  virtual ~Router() = default;
  /// Whether what it decides depends on the replicas. If not, they can be simulated apart.
  virtual bool looks() const { return true; }
  /// The replica for `request`; `outstanding` are the requests that each replica has and has not finished.
  virtual std::size_t route(const workload::Request& request, std::span<const std::int64_t> outstanding) = 0;
};

/// Null if there is none of that name.
std::unique_ptr<Router> make_router(std::string_view name);
std::vector<std::string_view> router_names();

}  // namespace plumb::serving

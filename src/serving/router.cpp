#include "serving/router.h"

#include <array>

#include "serving/router_least_outstanding.h"
#include "serving/router_round_robin.h"

namespace plumb::serving {
namespace {

struct Registration {
  std::string_view name;
  std::unique_ptr<Router> (*make)();
};

constexpr std::array registrations{
    Registration{"round-robin", make_round_robin_router},
    Registration{"least-outstanding", make_least_outstanding_router},
};

}  // namespace

std::unique_ptr<Router> make_router(std::string_view name) {
  for (const Registration& registration : registrations) {
    if (registration.name == name) return registration.make();
  }
  return nullptr;
}

std::vector<std::string_view> router_names() {
  std::vector<std::string_view> names;
  for (const Registration& registration : registrations) names.push_back(registration.name);
  return names;
}

}  // namespace plumb::serving

#include "serving/router_least_outstanding.h"

#include <algorithm>

namespace plumb::serving {
namespace {

class LeastOutstandingRouter : public Router {
 public:
  std::size_t route(const workload::Request&, std::span<const std::int64_t> outstanding) override {
    return static_cast<std::size_t>(std::min_element(outstanding.begin(), outstanding.end()) - outstanding.begin());
  }
};

}  // namespace

std::unique_ptr<Router> make_least_outstanding_router() { return std::make_unique<LeastOutstandingRouter>(); }

}  // namespace plumb::serving

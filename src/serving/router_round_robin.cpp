#include "serving/router_round_robin.h"

namespace plumb::serving {
namespace {

class RoundRobinRouter : public Router {
 public:
  bool looks() const override { return false; }
  std::size_t route(const workload::Request&, std::span<const std::int64_t> outstanding) override {
    return next_++ % outstanding.size();
  }

 private:
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Router> make_round_robin_router() { return std::make_unique<RoundRobinRouter>(); }

}  // namespace plumb::serving

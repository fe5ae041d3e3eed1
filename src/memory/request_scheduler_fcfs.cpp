// First come, first served: nothing is done for a request before the older ones have had their access.
#include "memory/request_scheduler_fcfs.h"

namespace plumb::memory {
namespace {

class Fcfs final : public RequestScheduler {
 public:
  bool in_order() const override { return true; }
  std::size_t pick(std::span<const Waiting>, std::int64_t, int, int) const override { return 0; }
};

}  // namespace

const RequestScheduler& fcfs_scheduler() {
  static const Fcfs policy;
  return policy;
}

}  // namespace plumb::memory

// First ready, first come, first served: the oldest request for the open row, else the oldest. Once the row has served
// `cap` accesses and a request for another row is older than the next hit, that one has its turn. Rixner et al.,
// "Memory Access Scheduling", ISCA 2000; the cap after Mutlu and Moscibroda's remarks on its unfairness, MICRO 2007.
#include "memory/request_scheduler_fr_fcfs.h"

namespace plumb::memory {
namespace {

class FrFcfs final : public RequestScheduler {
 public:
  std::size_t pick(std::span<const Waiting> waiting, std::int64_t open_row, int served, int cap) const override {
    if (open_row == no_row) return 0;
    for (std::size_t i = 0; i < waiting.size(); ++i)
      if (waiting[i].row == open_row) return i == 0 || cap == 0 || served < cap ? i : 0;
    return 0;
  }
};

}  // namespace

const RequestScheduler& fr_fcfs_scheduler() {
  static const FrFcfs policy;
  return policy;
}

}  // namespace plumb::memory

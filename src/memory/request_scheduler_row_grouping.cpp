// Requests for one row are a group. A bank serves the group of its open row to the end; then it opens the row for which
// most requests wait, of equals the one whose first request is oldest. The cap ends a group as it does in fr-fcfs.
#include "memory/request_scheduler_row_grouping.h"

#include <algorithm>

namespace plumb::memory {
namespace {

class RowGrouping final : public RequestScheduler {
 public:
  std::size_t pick(std::span<const Waiting> waiting, std::int64_t open_row, int served, int cap) const override {
    const auto hit = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& w) { return w.row == open_row; });
    if (hit == waiting.begin()) return 0;
    if (hit != waiting.end()) return cap == 0 || served < cap ? static_cast<std::size_t>(hit - waiting.begin()) : 0;
    std::size_t best = 0, most = 0;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      const auto same_row = [&](const Waiting& w) { return w.row == waiting[i].row; };
      const auto size = static_cast<std::size_t>(
          std::count_if(waiting.begin() + static_cast<std::ptrdiff_t>(i), waiting.end(), same_row));
      if (size > most) {
        most = size;
        best = i;
      }
    }
    return best;
  }
};

}  // namespace

const RequestScheduler& row_grouping_scheduler() {
  static const RowGrouping policy;
  return policy;
}

}  // namespace plumb::memory

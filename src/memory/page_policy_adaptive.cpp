// A counter a bank, from 0 to 3, says whether rows come back: it rises when a row is opened that was the bank's last
// one, and falls when it is another. A row is closed with the last access that waits for it while the counter is
// below 2.
#include "memory/page_policy_adaptive.h"

#include <algorithm>

namespace plumb::memory {
namespace {

class AdaptivePage final : public PagePolicy {
 public:
  explicit AdaptivePage(int banks) : banks_(static_cast<std::size_t>(banks)) {}

  bool closes(int bank, bool hits_wait) override {
    return !hits_wait && banks_[static_cast<std::size_t>(bank)].returns < 2;
  }

  void opened(int bank, std::int64_t row) override {
    Bank& at = banks_[static_cast<std::size_t>(bank)];
    at.returns = std::clamp(at.returns + (row == at.last_row ? 1 : -1), 0, 3);
    at.last_row = row;
  }

 private:
  struct Bank {
    std::int64_t last_row = -1;
    int returns = 2;
  };
  std::vector<Bank> banks_;
};

}  // namespace

std::unique_ptr<PagePolicy> make_adaptive_page_policy(int banks) { return std::make_unique<AdaptivePage>(banks); }

}  // namespace plumb::memory

// A row is closed with the last access that waits for it.
#include "memory/page_policy_closed.h"

namespace plumb::memory {
namespace {

class ClosedPage final : public PagePolicy {
 public:
  bool closes(int, bool hits_wait) override { return !hits_wait; }
};

}  // namespace

std::unique_ptr<PagePolicy> make_closed_page_policy(int) { return std::make_unique<ClosedPage>(); }

}  // namespace plumb::memory

// Rows stay open until another one is wanted.
#include "memory/page_policy_open.h"

namespace plumb::memory {
namespace {

class OpenPage final : public PagePolicy {
 public:
  bool closes(int, bool) override { return false; }
};

}  // namespace

std::unique_ptr<PagePolicy> make_open_page_policy(int) { return std::make_unique<OpenPage>(); }

}  // namespace plumb::memory

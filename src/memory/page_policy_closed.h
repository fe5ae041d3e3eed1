#pragma once
#include "memory/page_policy.h"

namespace plumb::memory {

std::unique_ptr<PagePolicy> make_closed_page_policy(int banks);

}  // namespace plumb::memory

#include "memory/page_policy.h"

#include <array>

#include "memory/page_policy_adaptive.h"
#include "memory/page_policy_closed.h"
#include "memory/page_policy_open.h"

namespace plumb::memory {
namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<PagePolicy> (*make)(int banks);
};
constexpr std::array entries{
    Entry{"open", make_open_page_policy},
    Entry{"closed", make_closed_page_policy},
    Entry{"adaptive", make_adaptive_page_policy},
};

}  // namespace

std::unique_ptr<PagePolicy> make_page_policy(std::string_view name, int banks) {
  for (const Entry& entry : entries)
    if (entry.name == name) return entry.make(banks);
  return nullptr;
}

std::vector<std::string_view> page_policy_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

}  // namespace plumb::memory

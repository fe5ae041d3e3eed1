#include "memory/request_scheduler.h"

#include <array>

#include "memory/request_scheduler_fcfs.h"
#include "memory/request_scheduler_fr_fcfs.h"
#include "memory/request_scheduler_row_grouping.h"

namespace plumb::memory {
namespace {

struct Entry {
  std::string_view name;
  const RequestScheduler& (*policy)();
};
constexpr std::array entries{
    Entry{"fr-fcfs", fr_fcfs_scheduler},
    Entry{"fcfs", fcfs_scheduler},
    Entry{"row-grouping", row_grouping_scheduler},
};

}  // namespace

const RequestScheduler* find_request_scheduler(std::string_view name) {
  for (const Entry& entry : entries)
    if (entry.name == name) return &entry.policy();
  return nullptr;
}

std::vector<std::string_view> request_scheduler_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) names.push_back(entry.name);
  return names;
}

}  // namespace plumb::memory

#include "serving/scheduler.h"

#include <array>

#include "serving/scheduler_sarathi.h"
#include "serving/scheduler_sglang.h"
#include "serving/scheduler_static.h"
#include "serving/scheduler_trtllm_guaranteed_no_evict.h"
#include "serving/scheduler_trtllm_max_utilization.h"
#include "serving/scheduler_vidur_sarathi.h"
#include "serving/scheduler_vidur_vllm.h"
#include "serving/scheduler_vllm_v0.h"
#include "serving/scheduler_vllm_v1.h"

namespace plumb::serving {
namespace {

struct Registration {
  std::string_view name;
  std::unique_ptr<Scheduler> (*make)();
};

constexpr std::array registrations{
    Registration{"vllm-v1", make_vllm_v1_scheduler},
    Registration{"vllm-v0", make_vllm_v0_scheduler},
    Registration{"sarathi", make_sarathi_scheduler},
    Registration{"static", make_static_scheduler},
    Registration{"sglang", make_sglang_scheduler},
    Registration{"sglang-lpm", make_sglang_lpm_scheduler},
    Registration{"trtllm-max-utilization", make_trtllm_max_utilization_scheduler},
    Registration{"trtllm-guaranteed-no-evict", make_trtllm_guaranteed_no_evict_scheduler},
    Registration{"vidur_vllm", make_vidur_vllm_scheduler},
    Registration{"vidur_sarathi", make_vidur_sarathi_scheduler},
};

}  // namespace

std::unique_ptr<Scheduler> make_scheduler(std::string_view name) {
  for (const Registration& registration : registrations) {
    if (registration.name == name) return registration.make();
  }
  return nullptr;
}

std::vector<std::string_view> scheduler_names() {
  std::vector<std::string_view> names;
  for (const Registration& registration : registrations) names.push_back(registration.name);
  return names;
}

}  // namespace plumb::serving

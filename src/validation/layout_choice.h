#pragma once
// The layout that a submitter would choose where none is told: of those that fit, the one whose engines together give
// the most output tokens a second with all requests at once.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "serving/deployment.h"
#include "validation/parallelism.h"
#include "validation/run_plan.h"

namespace plumb::validation {

/// Thread rule: any thread may ask. Equal questions are worked out once; answers do not depend on who asks first.
class LayoutChooser {
 public:
  /// Tensor parallelism of 1, 2, 4 ... `devices` within a domain of the link, and for models of latent attention with
  /// experts each of them as attention's data parallelism as well. Nothing if none fits. `key` names the deployment but
  /// for its layout (plan_keys.h).
  std::optional<Layout> choose(const serving::Deployment& deployment, const LoadPlan& load, std::int64_t devices,
                               const std::string& key);

 private:
  std::mutex mutex_;
  std::map<std::string, std::optional<Layout>> known_;
};

/// Models whose cache every rank of tensor parallelism would hold whole, so that engines share attention by sequences.
bool has_latent_experts(const model::Model& model);

}  // namespace plumb::validation

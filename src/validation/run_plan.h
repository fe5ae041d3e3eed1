#pragma once
// What a run asks the simulation to do: a deployment, a load, and what had to be assumed; or why it cannot be asked.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "serving/deployment.h"
#include "validation/lengths.h"
#include "validation/model_name.h"
#include "validation/parallelism.h"
#include "validation/run.h"
#include "validation/scenario.h"
#include "validation/software.h"

namespace plumb::validation {

/// The load of one engine.
struct LoadPlan {
  Scenario scenario = Scenario::static_batch;
  LengthWords prompts, outputs;
  std::int64_t requests = 0;
  std::int64_t concurrency = 0;  ///< closed loop
  double rate_per_s = 0.0;       ///< rate
  bool constant_rate = false;
  std::int64_t shared_prefix_tokens = 0;
  bool operator==(const LoadPlan&) const = default;
};

struct RunPlan {
  serving::Deployment deployment;
  LoadPlan load;
  int replicas = 1;          ///< engines, each with such a load
  std::int64_t devices = 1;  ///< of all of them
  Software software;
  std::string model_key;                 ///< of the shelf
  std::vector<std::string> assumptions;  ///< that set the run apart from those whose words tell all
  std::vector<std::string> remarks;      ///< smaller ones
  std::string deployment_key, key;       ///< equal where nothing differs that the simulation sees
};

/// The plan, or the reason why there is none: one of a small number of texts, so that they can be counted.
struct PlanOrReason {
  std::optional<RunPlan> plan;
  std::string reason;
};

class LayoutChooser;

/// Thread rule: many threads may plan; the catalog and the shelf are only read.
class Planner {
 public:
  Planner(const catalog::Catalog& catalog, const ModelShelf& shelf);
  ~Planner();
  PlanOrReason plan(const Run& run) const;

 private:
  const catalog::Catalog& catalog_;
  const ModelShelf& shelf_;
  std::unique_ptr<LayoutChooser> chooser_;
};

}  // namespace plumb::validation

#pragma once
// Candidates: every deployment that the search space allows, made ready to simulate, or discarded by a bound that can
// be stated. A bound may only discard; ranking is left to simulation.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "economics/cost.h"
#include "planner/service.h"
#include "serving/deployment.h"

namespace plumb::planner {

struct Candidate {
  const ModelChoice* model = nullptr;
  const catalog::Accelerator* accelerator = nullptr;
  model::Parallelism parallelism;
  serving::EngineSettings engine;
  economics::AcceleratorCost cost;  ///< of one accelerator
  std::shared_ptr<const serving::CompiledDeployment> deployment;

  /// "deepseek-r1 on h200-sxm TP8", with the engine's limits where the service lets them vary.
  std::string label;
  DollarsPerSecond replica_cost() const { return cost.total() * static_cast<double>(parallelism.ranks()); }
};

/// What was discarded, by which bound.
struct Discard {
  enum class Bound { figures, price, cut, memory, length, latency, targets, cost };
  std::string label;
  Bound bound = Bound::figures;
  std::string reason;
};
std::string_view bound_name(Discard::Bound bound);

/// A target that could not be met, and by how much, for the candidate it was measured or bounded on.
struct Shortfall {
  std::string label;
  std::string target;                 ///< "TTFT", "TPOT", "E2E", "memory"
  double limit = 0.0, reached = 0.0;  ///< seconds; bytes for memory
  bool bounded = false;               ///< reached is a lower bound, not a simulation
  double ratio() const { return reached / limit; }
};

struct CandidateList {
  std::vector<Candidate> candidates;
  std::vector<Discard> discards;
  std::vector<Shortfall> shortfalls;
};

/// The candidates refer to `service` and `catalog`, which must outlive them. An accelerator whose figures are not known
/// is discarded; one whose memory's description contradicts itself is an error, since a plan without it would be wrong.
[[nodiscard]] Result<CandidateList> enumerate(const Service& service, const catalog::Catalog& catalog);

}  // namespace plumb::planner

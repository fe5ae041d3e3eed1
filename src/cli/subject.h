#pragma once
// What `simulate` and `explain` are pointed at: a deployment file, or a service file, for which the first choice of its
// plan stands in.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/document_edit.h"
#include "catalog/catalog.h"
#include "cli/command.h"
#include "economics/cost.h"
#include "planner/plan.h"
#include "serving/deployment.h"
#include "serving/targets.h"
#include "workload/lengths.h"
#include "workload/load_file.h"

namespace plumb::cli {

/// What the plan of a service says of the choice that stands in for it.
struct PlannedLoad {
  double rate_per_s = 0.0;      ///< of one replica at the peak of the day
  std::int64_t requests = 0;    ///< of the plan's load test
  double sequences_mean = 0.0;  ///< in a step at the peak
  std::int64_t replicas = 0;    ///< of the whole fleet
};

struct Subject {
  std::string name;
  std::shared_ptr<const serving::CompiledDeployment> deployment;
  int replicas = 1;
  std::string router = "round-robin";
  serving::Targets targets;
  workload::LengthSamplerPtr lengths;               ///< null for a deployment without [lengths]
  std::optional<workload::LoadTable> load;          ///< of a deployment that says what comes
  std::optional<workload::SessionsTable> sessions;  ///< the same, as sessions
  std::uint64_t seed = 1;
  std::optional<economics::AcceleratorCost> cost;  ///< of one accelerator; nothing where no price is known
  std::optional<PlannedLoad> planned;              ///< of a service only

  const serving::Deployment& spec() const { return deployment->deployment; }
  int ranks() const { return spec().parallelism.ranks(); }
};

/// Reads the first operand, with --catalog, --seed and --jobs. A file that has [[model]] is a service and is planned
/// first. Fault::unmet where a deployment cannot hold its model, or nothing meets a service's targets.
[[nodiscard]] Result<Subject> read_subject(const Arguments& arguments);

/// A file that was read already, perhaps with edits.
struct SubjectFile {
  const Document& document;  ///< named after its path
  catalog::Catalog catalog;
  const DocumentEdits& edits;  ///< of "model": see read_deployment and read_service
  bool quiet = false;          ///< no progress on the terminal
};

/// Whether a file is a service, not a deployment: a deployment names one model by a path, a service lists its models in
/// [[model]].
bool is_service(const Document& document);

/// The same of such a file, with the options --profile, --seed and --jobs.
[[nodiscard]] Result<Subject> make_subject(const Arguments& arguments, SubjectFile file);

/// "llama-3.1-8b on h100-sxm, TP1"
std::string subject_words(const Subject& subject);

}  // namespace plumb::cli

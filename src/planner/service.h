#pragma once
// A service file: who uses the service, what runs it, what it must feel like, what hardware may be used, what it earns.
// docs/service.md describes every key; examples/ holds services to start from.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/document_edit.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "economics/cost.h"
#include "economics/statement.h"
#include "model/model.h"
#include "serving/deployment.h"
#include "serving/targets.h"
#include "workload/arrivals.h"
#include "workload/lengths.h"

namespace plumb::planner {

/// A model that may serve, in a precision; with its drafter, where the service speculates.
struct ModelChoice {
  std::string name;
  std::shared_ptr<const model::Model> model;
  model::Precision precision;
};

/// Requests over a day.
struct Demand {
  double monthly_users = 0.0;  ///< 0 where the file gives a trace instead of users
  double requests_per_s_mean = 0.0;
  workload::DayCurve curve;  ///< load over the day, or over the trace
  double curve_s = 86400.0;  ///< what the curve covers: a day, or the length of the trace
  double requests_per_s_peak() const { return requests_per_s_mean * curve.peak_over_mean(); }
};

/// What the planner may vary. Each list is tried in full.
struct SearchSpace {
  std::vector<std::string> accelerators;  ///< empty: all of the catalog
  std::vector<int> tensor_parallel_sizes{1, 2, 4, 8};
  std::vector<int> pipeline_parallel_sizes{1, 2};
  std::vector<int> data_parallel_sizes{1};
  bool enable_expert_parallel = false;  ///< of models with routed experts; the others have nothing to spread
  std::shared_ptr<const model::ExpertRouting> routing;  ///< [experts]; null: even
  std::vector<std::int64_t> max_num_seqs{256};
  std::vector<std::int64_t> max_num_batched_tokens{2048, 8192};
  serving::EngineSettings engine;  ///< everything that is not varied
};

struct Service {
  std::string name, title, path;
  Demand demand;
  workload::LengthSamplerPtr lengths;
  serving::Targets targets;
  std::vector<ModelChoice> models;
  SearchSpace search;
  economics::CostTerms cost;
  economics::RevenueTerms revenue;
  std::uint64_t seed = 1;
};

/// Reads a service file. The file's [assume.*] and [price.*] change `catalog`.
[[nodiscard]] Result<Service> read_service(const std::string& path, catalog::Catalog& catalog);
/// The same of a text whose name is its path. Edits of "model", whose paths begin with the name of a [[model]], are
/// made to the config.json of that model.
[[nodiscard]] Result<Service> read_service(const Document& document, catalog::Catalog& catalog,
                                           const DocumentEdits& edits);

}  // namespace plumb::planner

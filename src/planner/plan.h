#pragma once
// The plan: candidates are measured, fleets sized for the peak of the day, and ranked by cost.
//
//   1. Enumerate; discard by bounds (candidate.h).
//   2. For each candidate the saturation rate; peak / saturation x replica cost is the least its fleet can cost.
//   3. In order of that least cost, in rounds of fixed size, search each candidate's goodput. A candidate whose least
//   cost
//      is above what the choices to be shown already cost cannot be among them and is discarded.
//   4. replicas = ceil(peak rate / goodput); cost = replicas x replica cost. Cheapest first; of each model on each
//      accelerator the best layout is shown, and each model gets its share of the choices.
//   5. The choices shown are simulated once more at the load that their replicas see at the peak.
//
// The result depends on the service and the catalog only, not on the number of jobs.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "accelerator/time_shares.h"
#include "base/result.h"
#include "economics/statement.h"
#include "planner/candidate.h"
#include "planner/goodput.h"
#include "planner/service.h"

namespace plumb::planner {

struct PlanOptions {
  int jobs = 0;               ///< threads; 0: all processors
  int choices = 10;           ///< how many to rank, shared among the service's models
  std::int64_t requests = 0;  ///< of a load test; 0: as load_test.h says
  std::function<void(std::string_view stage, std::size_t done, std::size_t of)> progress;  ///< called from one thread
};

struct Choice {
  int rank = 0;      ///< from 1; equal ranks cannot be told apart by the evidence
  bool tie = false;  ///< shares its rank with another
  Candidate candidate;
  std::int64_t replicas = 0, accelerators = 0;
  double goodput_per_s = 0.0;    ///< of one replica
  double utilisation = 0.0;      ///< peak load over what the fleet could carry
  LoadResult at_goodput;         ///< one replica at its goodput
  LoadResult at_peak;            ///< one replica at the peak of the day
  accelerator::TimeShares time;  ///< at the peak of the day

  DollarsPerSecond cost;
  Dollars per_million_output_reserved;  ///< fleet of the whole day over the tokens of the day
  Dollars per_million_output_full;      ///< at goodput all day
  std::optional<Dollars> per_user_month;
  Watts power;  ///< with servers and data centre, at design load
  double hbm_gb_per_million_users = 0.0, dram_gb_per_million_users = 0.0;  ///< 0 without users
  double hbm_gb = 0.0, dram_gb = 0.0;                                      ///< of the fleet
  /// What binds the fleet: the bound with most of the step's time, or "capacity" where one preemption or more for
  /// every hundred requests shows want of cache at the goodput.
  std::string binding;
  Evidence evidence = Evidence::datasheet;
  economics::MonthlyStatement statement;
};

/// A point of the frontier: a replica at a rate that met the targets or not.
struct FrontierPoint {
  std::string label, accelerator, model;
  double tokens_per_s_per_accelerator = 0.0, tokens_per_s_per_user = 0.0;
  bool met = false;
};

struct Plan {
  std::vector<Choice> choices;  ///< by rank; empty if nothing meets the targets
  std::vector<Discard> discards;
  std::optional<Shortfall> nearest;  ///< if nothing meets the targets: what comes nearest
  std::vector<FrontierPoint> points;
  double requests_per_s_mean = 0.0, requests_per_s_peak = 0.0;
  double prompt_tokens_mean = 0.0, output_tokens_mean = 0.0;
  std::size_t considered = 0, simulated = 0, tests = 0;
};

/// Two costs within this share of one another are a tie: the spread that uncalibrated figures leave.
inline constexpr double tie_share = 0.10;

/// Fault::input for a service without candidates at all (an empty search space).
[[nodiscard]] Result<Plan> make_plan(const Service& service, const catalog::Catalog& catalog,
                                     const PlanOptions& options = {});

}  // namespace plumb::planner

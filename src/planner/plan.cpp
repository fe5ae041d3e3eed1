#include "planner/plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/parallel.h"
#include "planner/fleet.h"

namespace plumb::planner {
namespace {

/// Candidates searched between two looks at what is already known to be affordable. A constant, not the number of jobs,
/// so that the same candidates are searched on any machine.
constexpr std::size_t round_size = 8;
/// Six turns of a full batch: throughput settles sooner than queues do.
std::int64_t saturation_requests(const serving::EngineSettings& engine, std::int64_t asked) {
  constexpr std::int64_t least = 1000, turnover = 6;
  return asked > 0 ? asked : std::max(least, turnover * engine.max_num_seqs);
}

struct Measured {
  Candidate candidate;
  std::int64_t requests = 0;
  double saturation_per_s = 0.0;
  DollarsPerSecond least_cost;
};

class Planner {
 public:
  Planner(const Service& service, const PlanOptions& options, CandidateList list)
      : service_(service), options_(options), list_(std::move(list)) {
    plan_.requests_per_s_mean = service.demand.requests_per_s_mean;
    plan_.requests_per_s_peak = service.demand.requests_per_s_peak();
    const workload::MeanLengths lengths = workload::mean_lengths(*service.lengths, service.seed);
    plan_.prompt_tokens_mean = lengths.prompt_tokens;
    plan_.output_tokens_mean = lengths.output_tokens;
    plan_.considered = list_.candidates.size() + list_.discards.size();
  }

  Plan run() {
    measure_saturation();
    search_in_rounds();
    rank();
    plan_.discards = std::move(list_.discards);
    if (plan_.choices.empty()) find_nearest();
    return std::move(plan_);
  }

 private:
  void progress(std::string_view stage, std::size_t done, std::size_t of) const {
    if (options_.progress) options_.progress(stage, done, of);
  }

  void measure_saturation() {
    measured_.resize(list_.candidates.size());
    const double peak = service_.demand.requests_per_s_peak();
    for (std::size_t begin = 0; begin < measured_.size(); begin += round_size) {
      const std::size_t count = std::min(round_size, measured_.size() - begin);
      parallel_for(count, options_.jobs, [&](std::size_t i) {
        Measured& measured = measured_[begin + i];
        measured.candidate = list_.candidates[begin + i];
        measured.requests = requests_for(measured.candidate.engine, options_.requests);
        measured.saturation_per_s = saturation_rate(service_, *measured.candidate.deployment,
                                                    saturation_requests(measured.candidate.engine, options_.requests));
        const double replicas = std::max(1.0, std::ceil(peak / measured.saturation_per_s));
        measured.least_cost = measured.candidate.replica_cost() * replicas;
      });
      progress("saturation", begin + count, measured_.size());
    }
    std::stable_sort(measured_.begin(), measured_.end(),
                     [](const Measured& a, const Measured& b) { return a.least_cost < b.least_cost; });
    plan_.tests += measured_.size();
  }

  /// Choices shown of each model: models are not each other's equals, so the cheapest must not crowd out the rest.
  std::size_t choices_per_model() const {
    const std::size_t models = std::max<std::size_t>(1, service_.models.size());
    return (static_cast<std::size_t>(options_.choices) + models - 1) / models;
  }

  /// The cheapest fleet found so far, by model and accelerator.
  using BestCosts = std::map<std::string, std::map<std::string, DollarsPerSecond>>;
  BestCosts best_costs() const {
    BestCosts best;
    for (const Choice& choice : found_) {
      const auto [entry, added] =
          best[choice.candidate.model->name].try_emplace(choice.candidate.accelerator->name, choice.cost);
      if (!added) entry->second = std::min(entry->second, choice.cost);
    }
    return best;
  }

  /// False if even its least cost is above what is known for its accelerator, or for the last accelerator to be shown.
  bool can_be_shown(const Measured& measured, const BestCosts& best) const {
    const auto model = best.find(measured.candidate.model->name);
    if (model == best.end()) return true;
    const auto same = model->second.find(measured.candidate.accelerator->name);
    if (same != model->second.end() && measured.least_cost > same->second) return false;
    const auto cheaper = std::count_if(model->second.begin(), model->second.end(),
                                       [&](const auto& entry) { return entry.second < measured.least_cost; });
    return static_cast<std::size_t>(cheaper) < choices_per_model();
  }

  /// Searches the measured candidates in order of their least cost, a round at a time; those that have become too dear
  /// by the time their turn comes are discarded.
  void search_in_rounds() {
    std::size_t next = 0;
    while (next < measured_.size()) {
      const BestCosts best = best_costs();
      std::vector<const Measured*> round;
      for (; next < measured_.size() && round.size() < round_size; ++next) {
        const Measured& measured = measured_[next];
        if (can_be_shown(measured, best)) {
          round.push_back(&measured);
        } else {
          discard_by_cost(measured);
        }
      }
      search(round);
      progress("goodput", next, measured_.size());
    }
  }

  void search(const std::vector<const Measured*>& round) {
    std::vector<Goodput> goodputs(round.size());
    parallel_for(round.size(), options_.jobs, [&](std::size_t i) {
      goodputs[i] =
          find_goodput(service_, *round[i]->candidate.deployment, round[i]->saturation_per_s, round[i]->requests);
    });
    for (std::size_t i = 0; i < round.size(); ++i) take(*round[i], goodputs[i]);
    plan_.simulated += round.size();
  }

  void take(const Measured& measured, const Goodput& goodput) {
    const Candidate& candidate = measured.candidate;
    for (const LoadResult& test : goodput.complete_tests) {
      if (test.tpot_p50_s <= 0.0) continue;
      plan_.points.push_back({candidate.label, candidate.accelerator->name, candidate.model->name,
                              test.output_tokens_per_s / candidate.parallelism.ranks(), 1.0 / test.tpot_p50_s,
                              test.met});
    }
    plan_.tests += goodput.complete_tests.size();
    if (goodput.rate_per_s > 0.0) {
      found_.push_back(size_fleet(service_, candidate, goodput));
      return;
    }
    const serving::TargetResult* worst = goodput.at.targets.worst();
    list_.shortfalls.push_back(
        {candidate.label, std::string(worst->name), worst->target.limit_s, worst->measured_s, false});
    list_.discards.push_back(
        {candidate.label, Discard::Bound::targets,
         fmt::format(
             "P{:g} {} is {:.4g} ms at {:.3g} requests/s a replica, the lowest rate tried; the target is {:.4g} ms",
             worst->target.percentile, worst->name, worst->measured_s * 1e3, goodput.at.rate_per_s,
             worst->target.limit_s * 1e3)});
  }

  void discard_by_cost(const Measured& measured) {
    list_.discards.push_back(
        {measured.candidate.label, Discard::Bound::cost,
         fmt::format("even saturated, its fleet costs at least ${:.4g}/h", (measured.least_cost * hour).value())});
  }

  void rank() {
    std::stable_sort(found_.begin(), found_.end(), [](const Choice& a, const Choice& b) {
      return a.cost != b.cost ? a.cost < b.cost : a.goodput_per_s > b.goodput_per_s;
    });
    std::map<std::string, std::set<std::string>> shown;
    for (Choice& choice : found_) {
      std::set<std::string>& accelerators = shown[choice.candidate.model->name];
      if (accelerators.size() == choices_per_model()) continue;
      if (accelerators.insert(choice.candidate.accelerator->name).second) plan_.choices.push_back(std::move(choice));
    }
    number_ranks();
    parallel_for(plan_.choices.size(), options_.jobs, [&](std::size_t i) {
      Choice& choice = plan_.choices[i];
      measure_at_peak(service_, requests_for(choice.candidate.engine, options_.requests), choice);
    });
    if (!plan_.choices.empty()) {
      plan_.prompt_tokens_mean = plan_.choices.front().at_goodput.prompt_tokens_mean;
      plan_.output_tokens_mean = plan_.choices.front().at_goodput.output_tokens_mean;
    }
  }

  void number_ranks() {
    // A tie is counted from the cheapest of its group, so that a chain of small differences does not become one rank.
    DollarsPerSecond leader;
    for (std::size_t i = 0; i < plan_.choices.size(); ++i) {
      Choice& choice = plan_.choices[i];
      const bool ties = i > 0 && choice.cost <= leader * (1.0 + tie_share);
      if (!ties) leader = choice.cost;
      choice.rank = ties ? plan_.choices[i - 1].rank : static_cast<int>(i) + 1;
      choice.tie = ties;
      if (ties) plan_.choices[i - 1].tie = true;
    }
  }

  /// What runs but is too slow is nearer than what does not fit.
  void find_nearest() {
    const auto distance = [](const Shortfall& shortfall) {
      return std::pair(shortfall.target == "memory", shortfall.ratio());
    };
    for (const Shortfall& shortfall : list_.shortfalls) {
      if (!plan_.nearest || distance(shortfall) < distance(*plan_.nearest)) plan_.nearest = shortfall;
    }
  }

  const Service& service_;
  const PlanOptions& options_;
  CandidateList list_;
  std::vector<Measured> measured_;
  std::vector<Choice> found_;
  Plan plan_;
};

}  // namespace

Result<Plan> make_plan(const Service& service, const catalog::Catalog& catalog, const PlanOptions& options) {
  PLUMB_ASSIGN(CandidateList list, enumerate(service, catalog));
  if (list.candidates.empty() && list.discards.empty()) {
    return fail(
        input_error({service.path, 0, 0}, "the search space is empty", "at least one accelerator and one model"));
  }
  return Planner(service, options, std::move(list)).run();
}

}  // namespace plumb::planner

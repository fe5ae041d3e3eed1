#include "planner/fleet.h"

#include <algorithm>
#include <cmath>

namespace plumb::planner {
namespace {

constexpr double million = 1e6;

bool is_hbm(const catalog::Accelerator& accelerator) { return accelerator.memory_kind.starts_with("hbm"); }

void add_memory(const Service& service, Choice& choice) {
  const double accelerators = static_cast<double>(choice.accelerators);
  const double device_gb = accelerators * choice.candidate.deployment->deployment.machine.memory_bytes / 1e9;
  choice.dram_gb = accelerators * service.cost.host_memory.value() / 1e9;
  (is_hbm(*choice.candidate.accelerator) ? choice.hbm_gb : choice.dram_gb) += device_gb;
  if (service.demand.monthly_users > 0.0) {
    choice.hbm_gb_per_million_users = choice.hbm_gb / service.demand.monthly_users * million;
    choice.dram_gb_per_million_users = choice.dram_gb / service.demand.monthly_users * million;
  }
}

}  // namespace

Choice size_fleet(const Service& service, const Candidate& candidate, const Goodput& goodput) {
  Choice choice;
  choice.candidate = candidate;
  choice.goodput_per_s = goodput.rate_per_s;
  choice.at_goodput = goodput.at;
  const double peak = service.demand.requests_per_s_peak();
  choice.replicas = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(peak / goodput.rate_per_s)));
  choice.accelerators = choice.replicas * candidate.parallelism.ranks();
  choice.utilisation = peak / (static_cast<double>(choice.replicas) * goodput.rate_per_s);

  const auto accelerators = static_cast<double>(choice.accelerators);
  choice.cost = candidate.cost.total() * accelerators;
  const double output_tokens = goodput.at.output_tokens_mean;
  choice.per_million_output_reserved =
      choice.cost * second * (million / (service.demand.requests_per_s_mean * output_tokens));
  choice.per_million_output_full = candidate.replica_cost() * second * (million / (goodput.rate_per_s * output_tokens));
  if (service.demand.monthly_users > 0.0) choice.per_user_month = choice.cost * month / service.demand.monthly_users;

  const Watts design = Watts::of(candidate.deployment->deployment.machine.power_w);
  choice.power = economics::facility_power(service.cost, design) * accelerators;
  choice.evidence = worse(candidate.deployment->cost.evidence(), candidate.cost.price.evidence);
  const economics::FleetBill bill{candidate.cost.rent * accelerators, candidate.cost.capital * accelerators,
                                  candidate.cost.power * accelerators, candidate.cost.outlay * accelerators};
  choice.statement = economics::monthly_statement(service.revenue, service.demand.monthly_users, bill);
  add_memory(service, choice);
  return choice;
}

void measure_at_peak(const Service& service, std::int64_t requests, Choice& choice) {
  LoadTest test;
  test.requests = requests;
  test.rate_per_s = service.demand.requests_per_s_peak() / static_cast<double>(choice.replicas);
  test.time_shares = true;
  choice.at_peak = run(service, *choice.candidate.deployment, test);
  choice.time = choice.at_peak.time;
  // Latencies at two nearby rates differ by chance too. The fleet was sized by a test at a higher rate that met the
  // targets; where this one misses by chance, that one stands.
  if (!choice.at_peak.met) choice.at_peak = choice.at_goodput;
  // A stray preemption binds nothing; one for every hundred requests is want of cache.
  const bool preempts = choice.at_goodput.preemptions * 100 >= choice.at_goodput.requests;
  choice.binding = preempts ? "capacity" : std::string(bound_name(choice.time.binding));
}

}  // namespace plumb::planner

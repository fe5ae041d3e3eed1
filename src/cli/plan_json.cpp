#include "cli/plan_json.h"

#include "cli/json_parts.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using report::JsonWriter;

constexpr double ms = 1e3;

void write_load(JsonWriter& json, std::string_view key, const planner::LoadResult& load, int accelerators) {
  json.begin_object(key);
  json.member("request_rate", load.rate_per_s);
  write_target(json, "ttft", load.targets.ttft);
  write_target(json, "tpot", load.targets.tpot);
  write_target(json, "e2el", load.targets.e2e);
  json.member("median_ttft_ms", load.ttft_p50_s * ms);
  json.member("median_tpot_ms", load.tpot_p50_s * ms);
  json.member("mean_tpot_ms", load.tpot_mean_s * ms);
  json.member("median_e2el_ms", load.e2e_p50_s * ms);
  json.member("request_throughput", load.requests_per_s);
  json.member("output_throughput", load.output_tokens_per_s);
  json.member("output_throughput_per_accelerator", load.output_tokens_per_s / accelerators);
  json.member("output_throughput_per_user",
              load.tpot_p50_s > 0.0 ? std::optional(1.0 / load.tpot_p50_s) : std::nullopt);
  json.member("mean_sequences", load.sequences_mean);
  json.member("requests", load.requests);
  json.member("rejected", load.rejected);
  json.member("preemptions", load.preemptions);
  json.end_object();
}

void write_price(JsonWriter& json, const economics::ChosenPrice& price) {
  const bool rent = price.basis == economics::Basis::rent;
  json.begin_object("price");
  json.member("basis", rent ? "rent" : "purchase");
  json.member("rent_usd_per_hour", rent ? std::optional((price.rent * hour).value()) : std::nullopt);
  json.member("purchase_usd", rent ? std::nullopt : std::optional(price.purchase.value()));
  json.member("date", price.date);
  json.member("source", price.source);
  json.member("evidence", evidence_name(price.evidence));
  json.end_object();
}

void write_statement(JsonWriter& json, const economics::MonthlyStatement& statement) {
  json.begin_object("monthly_statement");
  json.member("subscription_usd", statement.subscription.value());
  json.member("advertising_usd", statement.advertising.value());
  json.member("device_usd", statement.device.value());
  json.member("rent_usd", statement.rent.value());
  json.member("depreciation_usd", statement.capital.value());
  json.member("power_usd", statement.power.value());
  json.member("revenue_usd", statement.revenue().value());
  json.member("cost_usd", statement.cost().value());
  json.member("margin_usd", statement.margin().value());
  json.member("capital_usd", statement.outlay.value());
  json.member("capital_over_yearly_revenue", statement.outlay_over_yearly_revenue());
  json.member("break_even_subscription_usd_per_month",
              statement.break_even_price ? std::optional((*statement.break_even_price * month).value()) : std::nullopt);
  json.member("break_even_paying_share", statement.break_even_paying_share);
  json.end_object();
}

void write_deployment(JsonWriter& json, const planner::Candidate& candidate) {
  json.member("model", candidate.model->name);
  json.member("accelerator", candidate.accelerator->name);
  json.member("tensor_parallel_size", candidate.parallelism.tensor);
  json.member("pipeline_parallel_size", candidate.parallelism.pipeline);
  json.member("max_num_seqs", candidate.engine.max_num_seqs);
  json.member("max_num_batched_tokens", candidate.engine.max_num_batched_tokens);
  json.member("max_model_len", candidate.deployment->max_model_len);
  json.member("gpu_memory_utilization", candidate.engine.gpu_memory_utilization);
  json.member("weight_gb_per_rank", candidate.deployment->memory.weight_bytes / 1e9);
  json.member("kv_cache_gb_per_rank", candidate.deployment->memory.cache_pool_bytes / 1e9);
}

/// A figure that only a service with users has.
std::optional<double> of_users(const planner::Service& service, double value) {
  return service.demand.monthly_users > 0.0 ? std::optional(value) : std::nullopt;
}

void write_choice(JsonWriter& json, const planner::Service& service, const planner::Choice& choice) {
  const int ranks = choice.candidate.parallelism.ranks();
  json.begin_object();
  json.member("rank", choice.rank);
  json.member("tie", choice.tie);
  write_deployment(json, choice.candidate);
  json.member("replicas", choice.replicas);
  json.member("accelerators", choice.accelerators);
  json.member("goodput_requests_per_s_per_replica", choice.goodput_per_s);
  json.member("utilisation_at_peak", choice.utilisation);
  json.member("cost_usd_per_hour", (choice.cost * hour).value());
  json.member("usd_per_million_output_tokens_reserved", choice.per_million_output_reserved.value());
  json.member("usd_per_million_output_tokens_full_use", choice.per_million_output_full.value());
  json.member("usd_per_user_month",
              choice.per_user_month ? std::optional(choice.per_user_month->value()) : std::nullopt);
  json.member("power_w", choice.power.value());
  json.member("hbm_gb", choice.hbm_gb);
  json.member("dram_gb", choice.dram_gb);
  json.member("hbm_gb_per_million_users", of_users(service, choice.hbm_gb_per_million_users));
  json.member("dram_gb_per_million_users", of_users(service, choice.dram_gb_per_million_users));
  json.member("binding", choice.binding);
  json.member("evidence", evidence_name(choice.evidence));
  write_price(json, choice.candidate.cost.price);
  write_load(json, "at_peak", choice.at_peak, ranks);
  write_load(json, "at_goodput", choice.at_goodput, ranks);
  write_time(json, choice.time);
  if (choice.time.placed.empty()) json.member("in_memory", nullptr);
  write_statement(json, choice.statement);
  json.end_object();
}

void write_nearest(JsonWriter& json, const std::optional<planner::Shortfall>& nearest) {
  if (!nearest) {
    json.member("nearest", nullptr);
    return;
  }
  const bool memory = nearest->target == "memory";
  json.begin_object("nearest");
  json.member("deployment", nearest->label);
  json.member("target", nearest->target);
  json.member(memory ? "limit_bytes" : "limit_ms", memory ? nearest->limit : nearest->limit * ms);
  json.member(memory ? "reached_bytes" : "reached_ms", memory ? nearest->reached : nearest->reached * ms);
  json.member("bounded", nearest->bounded);
  json.end_object();
}

}  // namespace

std::string plan_json(const planner::Service& service, const planner::Plan& plan) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.plan/1");
  json.member("service", service.name);
  json.member("title", service.title);
  json.member("seed", service.seed);
  json.begin_object("demand");
  json.member("monthly_users", of_users(service, service.demand.monthly_users));
  json.member("requests_per_s_mean", plan.requests_per_s_mean);
  json.member("requests_per_s_peak", plan.requests_per_s_peak);
  json.member("prompt_tokens_mean", plan.prompt_tokens_mean);
  json.member("output_tokens_mean", plan.output_tokens_mean);
  json.end_object();
  json.begin_object("search");
  json.member("considered", plan.considered);
  json.member("simulated", plan.simulated);
  json.end_object();
  json.begin_array("choices");
  for (const planner::Choice& choice : plan.choices) write_choice(json, service, choice);
  json.end_array();
  write_nearest(json, plan.nearest);
  json.begin_array("discarded");
  for (const planner::Discard& discard : plan.discards) {
    json.begin_object();
    json.member("deployment", discard.label);
    json.member("bound", planner::bound_name(discard.bound));
    json.member("reason", discard.reason);
    json.end_object();
  }
  json.end_array();
  json.begin_array("frontier");
  for (const planner::FrontierPoint& point : plan.points) {
    json.begin_object();
    json.member("deployment", point.label);
    json.member("model", point.model);
    json.member("accelerator", point.accelerator);
    json.member("output_throughput_per_accelerator", point.tokens_per_s_per_accelerator);
    json.member("output_throughput_per_user", point.tokens_per_s_per_user);
    json.member("met", point.met);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli

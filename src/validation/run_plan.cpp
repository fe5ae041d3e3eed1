#include "validation/run_plan.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "accelerator/machine.h"
#include "serving/scheduler.h"
#include "validation/device.h"
#include "validation/engine_settings.h"
#include "validation/layout_choice.h"
#include "validation/plan_keys.h"
#include "validation/precision.h"
#include "validation/request_count.h"
#include "validation/words.h"

namespace plumb::validation {
namespace {

constexpr double context_unstated = 131072.0;

PlanOrReason none(std::string reason) { return {std::nullopt, std::move(reason)}; }

/// Why a run of this scenario is not simulated, or nothing.
std::string_view refusal_of(const MeasuredRow& row, const LoadWords& load, const ParallelismWords& parallelism) {
  if (row.trust == "C") return "trust C: for orientation only";
  switch (load.scenario) {
    case Scenario::kernel: return "no served model: a kernel or a device";
    case Scenario::disaggregated: return "prefill and decode on engines of their own";
    case Scenario::power: return "power, not time";
    case Scenario::other: return "a scenario that is not modelled";
    default: break;
  }
  if (parallelism.disaggregated) return "prefill and decode on engines of their own";
  if (says(row.notes, "power-capped") || says_word(row.system, "MaxQ")) return "power capped below the data sheet's";
  const bool speculates = parallelism.speculative || says(row.notes, "spec_decoding=mtp") ||
                          says(row.notes, "speculative decoding") || says(row.notes, "spec_decoding=eagle");
  if (speculates) return "speculative decoding with an acceptance rate that is not told";
  if (load.scenario == Scenario::static_batch && !load.batch) return "no batch stated";
  if (load.scenario == Scenario::closed_loop && !load.concurrency) return "no concurrency stated";
  if (load.scenario == Scenario::rate && !load.rate_per_s) return "no rate stated";
  return {};
}

std::optional<std::string> key_of(const ModelShelf& shelf, const MeasuredRow& row) {
  if (auto key = shelf.key_of(row.model_key)) return key;
  return shelf.key_of(row.model);
}

/// What TensorRT-LLM leaves free: a tenth of what is beside the weights, where vLLM keeps a share of the whole.
double memory_share(const serving::Deployment& deployment) {
  const double weights = weight_bytes(*deployment.model, deployment.precision, deployment.parallelism, 0).value();
  constexpr double cache_share = 0.9;  // kv_cache_free_gpu_mem_fraction
  return std::min(1.0, cache_share + (1.0 - cache_share) * weights / deployment.machine.memory_bytes);
}

std::int64_t per_engine(std::int64_t whole, int engines) { return (whole + engines - 1) / engines; }

/// The load of one of `replicas` engines; lengths are set already.
void set_load(const LoadWords& words, const MeasuredRow& row, int replicas, LoadPlan& load) {
  load.scenario = words.scenario;
  load.constant_rate = words.constant_rate;
  if (words.scenario == Scenario::static_batch) load.requests = per_engine(*words.batch, replicas);
  if (words.scenario == Scenario::closed_loop) load.concurrency = per_engine(*words.concurrency, replicas);
  if (words.scenario == Scenario::rate) load.rate_per_s = *words.rate_per_s / replicas;
  if (words.shared_prefix) {
    load.shared_prefix_tokens = static_cast<std::int64_t>(number_after(row.input_tokens, "system").value_or(0.0));
  }
  if (words.scenario != Scenario::static_batch) {
    load.requests =
        request_count(load, words.requests ? std::optional(per_engine(*words.requests, replicas)) : std::nullopt);
  }
}

/// Of data sets, prompts and outputs together are no longer than the model's context.
void fit_in_context(double context, LoadPlan& load) {
  if (load.outputs.shape != LengthWords::Shape::lognormal) return;
  constexpr double prompt_share = 0.75;
  if (load.prompts.shape == LengthWords::Shape::lognormal) {
    load.prompts.high = std::max(load.prompts.mean, std::min(load.prompts.high, prompt_share * context));
  }
  load.outputs.high = std::max(load.outputs.mean, std::min(load.outputs.high, context - load.prompts.high));
}

/// `count` ranks with the compute, memory and links of `devices` devices: a model whose heads cannot be shared by the
/// devices is padded to them by its engine, which is not modelled; fewer and larger ranks stand in.
void merge_devices(std::int64_t devices, int count, accelerator::Machine& machine) {
  const double ratio = static_cast<double>(devices) / count;
  for (std::optional<double>& peak : machine.peak_flops_per_s) {
    if (peak) *peak *= ratio;
  }
  machine.memory_bytes *= ratio;
  machine.memory_bytes_per_s *= ratio;
  machine.link_bytes_per_s *= ratio;
  machine.name += fmt::format(" x {}/{}", devices, count);
}

/// Where the words count cores, the largest split that the model allows.
void split_cores(serving::Deployment& deployment) {
  const int devices = deployment.parallelism.tensor;
  for (int ranks = devices; ranks > 1; --ranks) {
    deployment.parallelism.tensor = ranks;
    if (cannot_split(*deployment.model, deployment.parallelism)) continue;
    if (ranks < devices) merge_devices(devices, ranks, deployment.machine);
    return;
  }
  deployment.parallelism.tensor = devices;
}

/// MLPerf's configurations state TP and EP of models with latent attention and leave out that attention runs by
/// sequences (enable_attention_dp of TensorRT-LLM).
void share_by_sequence(const MeasuredRow& row, const ParallelismWords& words, const model::Model& model,
                       Layout& layout) {
  const bool unsaid =
      says_word(row.scenario, "MLPerf") && !words.attention_data && words.tensor && words.expert == words.tensor;
  if (!unsaid || *words.tensor < 2 || !has_latent_experts(model)) return;
  layout.split.data = layout.split.tensor;
  layout.split.tensor = 1;
  layout.assumed = true;
}

void set_engine(const MeasuredRow& row, const LoadWords& load, RunPlan& plan) {
  serving::Deployment& deployment = plan.deployment;
  const bool batch = plan.load.scenario == Scenario::static_batch;
  deployment.engine = settings_of({plan.software, load, row.software, row.notes, plan.load.prompts.high,
                                   plan.load.prompts.high + plan.load.outputs.high,
                                   batch ? plan.load.requests : plan.load.concurrency, deployment.parallelism.data});
  const bool splits = !cannot_split(*deployment.model, deployment.parallelism);
  if (plan.software.engine == Engine::tensorrt_llm && splits) {
    deployment.engine.gpu_memory_utilization = memory_share(deployment);
  }
  if (deployment.engine.scheduler == "static") deployment.engine.gpu_memory_utilization = 1.0;
}

void note_assumptions(const PrecisionWords& precision, const Layout& layout, const Device& device, RunPlan& plan) {
  if (plan.load.prompts.assumed || plan.load.outputs.assumed) plan.assumptions.emplace_back("lengths");
  if (layout.assumed) plan.assumptions.emplace_back("parallelism");
  if (!precision.stated) plan.assumptions.emplace_back("precision");
  if (precision.presumed) plan.remarks.emplace_back("the precision is presumed by those who wrote the row down");
  if (device.assumed) {
    plan.remarks.push_back(fmt::format("taken for {}", device.accelerator->title));
  }
}

}  // namespace

Planner::Planner(const catalog::Catalog& catalog, const ModelShelf& shelf)
    : catalog_(catalog), shelf_(shelf), chooser_(std::make_unique<LayoutChooser>()) {}
Planner::~Planner() = default;

PlanOrReason Planner::plan(const Run& run) const {
  const MeasuredRow& row = run.configuration;
  const LoadWords load = load_of(row.scenario, row.concurrency, row.notes);
  const ParallelismWords parallelism = parallelism_of(row.parallelism);
  if (const std::string_view reason = refusal_of(row, load, parallelism); !reason.empty())
    return none(std::string(reason));

  const std::optional<Device> device = find_device(catalog_, row.device);
  if (!device) return none("no facts of the device");
  const std::optional<std::string> model_key = key_of(shelf_, row);
  if (!model_key) return none("no configuration of the model");
  const std::optional<PrecisionWords> precision = precision_of(row.precision);
  if (!precision) return none("a number format that is not known");

  RunPlan plan;
  plan.model_key = *model_key;
  plan.software = software_of(row.software, row.date);
  serving::Deployment& deployment = plan.deployment;
  deployment.name = row.run_id;
  const std::optional<NumberFormat> format =
      precision->weights ? std::optional(precision->weights->format) : std::nullopt;
  deployment.model = model_in(shelf_.model(*model_key, format), *precision);
  deployment.precision.cache = cache_of(*precision, *deployment.model, *shelf_.model(*model_key), plan.software);
  auto machine = accelerator::resolve(catalog_, *device->accelerator);
  if (!machine) return none("figures of the device are missing");
  deployment.machine = std::move(*machine);

  const double context =
      deployment.model->positions_max > 0 ? static_cast<double>(deployment.model->positions_max) : context_unstated;
  const auto prompts = prompt_lengths(row.input_tokens, row.notes, context);
  auto outputs = output_lengths(row.output_tokens, row.input_tokens, row.notes, context);
  if (!outputs && load.prefill_only) outputs = fixed_tokens(1.0);
  if (!prompts || !outputs) return none("lengths are not stated");
  plan.load.prompts = *prompts;
  plan.load.outputs = load.prefill_only ? fixed_tokens(1.0) : *outputs;
  fit_in_context(context, plan.load);

  std::optional<Layout> layout = layout_of(parallelism, row.n_devices, *deployment.model);
  const bool untold = !layout && row.n_devices && (!parallelism.stated || parallelism.alternatives);
  if (!layout && !untold) return none("devices and parallelism are not told, or contradict each other");
  if (layout) share_by_sequence(row, parallelism, *deployment.model, *layout);
  const auto settle = [&](const Layout& settled) {
    deployment.parallelism = settled.split;
    plan.replicas = settled.replicas;
    set_load(load, row, plan.replicas, plan.load);
    set_engine(row, load, plan);
  };
  settle(layout.value_or(Layout{}));
  if (untold) {
    layout = chooser_->choose(deployment, plan.load, *row.n_devices, deployment_key(deployment, plan.model_key));
    if (!layout) return none("the model does not fit in the memory");
    settle(*layout);
  }
  plan.devices = row.n_devices.value_or(static_cast<std::int64_t>(layout->split.ranks()) * layout->replicas);
  if (parallelism.cores) split_cores(deployment);
  if (cannot_split(*deployment.model, deployment.parallelism)) return none("the model cannot be split that way");
  if (serving::make_scheduler(deployment.engine.scheduler)->refusal(deployment.engine)) {
    return none("engine settings that its scheduler does not run with");
  }
  note_assumptions(*precision, *layout, *device, plan);
  plan.deployment_key = deployment_key(deployment, plan.model_key);
  plan.key = plan.deployment_key + load_key(plan.load);
  return {std::move(plan), {}};
}

}  // namespace plumb::validation

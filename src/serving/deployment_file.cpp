#include "serving/deployment_file.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "model/speculation.h"
#include "serving/cache_tier_file.h"
#include "serving/expert_routing.h"
#include "serving/kernel_profile.h"
#include "serving/router.h"
#include "serving/scheduler.h"
#include "serving/speculation.h"
#include "workload/named_file.h"

namespace plumb::serving {
namespace {

std::optional<NumberFormat> read_format(Reader& table, std::string_view key) {
  constexpr std::size_t absent = number_format_names.size();
  const std::size_t chosen = table.choice(key, number_format_names, absent);
  return chosen == absent ? std::nullopt : std::optional(static_cast<NumberFormat>(chosen));
}

std::string read_name(Reader& table, std::string_view key, const std::vector<std::string_view>& names,
                      std::string_view absent) {
  const auto position = std::find(names.begin(), names.end(), absent) - names.begin();
  return std::string(names[table.choice(key, names, static_cast<std::size_t>(position))]);
}

std::vector<std::int64_t> ascending(std::vector<std::int64_t> sizes) {
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

EngineSettings read_all_settings(Reader& table) {
  constexpr Range limits{1.0, 1e7};
  EngineSettings settings = read_engine_settings(table);
  settings.max_num_seqs = table.integer_if("max_num_seqs", limits).value_or(settings.max_num_seqs);
  settings.max_num_batched_tokens =
      table.integer_if("max_num_batched_tokens", limits).value_or(settings.max_num_batched_tokens);
  if (!table.ok()) return settings;
  if (const auto refusal = make_scheduler(settings.scheduler)->refusal(settings)) {
    table.reject(refusal->key, refusal->message, refusal->expected);
  }
  return settings;
}

/// The model with latents absorbed in prefill too.
Result<std::shared_ptr<const model::Model>> with_absorbed_prefill(const model::Model& model, const Reader& table) {
  model::Model absorbed = model;
  if (!model::absorb_prefill(absorbed)) {
    return fail(table.error("mla_prefill", fmt::format("{} has no layers of latent attention", model.name),
                            "no \"mla_prefill\", or a model with them"));
  }
  return std::make_shared<const model::Model>(std::move(absorbed));
}

Status read_loads(Reader& root, const std::string& folder, DeploymentFile& file) {
  if (auto table = root.table_if("load")) {
    PLUMB_ASSIGN(file.load, workload::read_load(*table, folder));
  }
  auto sessions = root.table_if("sessions");
  if (!sessions) return {};
  if (file.load) return fail(root.error("sessions", "[load] says already what comes", "one of the two"));
  PLUMB_ASSIGN(file.sessions, workload::read_sessions(*sessions, folder));
  return {};
}

Result<workload::LengthSamplerPtr> read_lengths_if(Reader& root, const std::string& folder) {
  auto table = root.table_if("lengths");
  if (!table) return workload::LengthSamplerPtr{};
  return workload::read_lengths(*table, folder);
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

model::Precision read_precision(Reader& table) {
  model::Precision precision;
  precision.weights = read_format(table, "weights");
  precision.cache = read_format(table, "cache");
  return precision;
}

EngineSettings read_engine_settings(Reader& table, EngineSettings defaults) {
  constexpr Range tokens{1.0, 1e8};
  EngineSettings settings = std::move(defaults);
  settings.max_model_len = table.integer_if("max_model_len", tokens).value_or(settings.max_model_len);
  constexpr Range block_sizes{1.0, 65536.0};
  settings.block_size = table.integer_if("block_size", block_sizes).value_or(settings.block_size);
  settings.num_gpu_blocks_override =
      table.integer_if("num_gpu_blocks_override", tokens).value_or(settings.num_gpu_blocks_override);
  settings.gpu_memory_utilization =
      table.number_if("gpu_memory_utilization", positive_share).value_or(settings.gpu_memory_utilization);
  settings.enable_chunked_prefill =
      table.boolean_if("enable_chunked_prefill").value_or(settings.enable_chunked_prefill);
  settings.enable_prefix_caching = table.boolean_if("enable_prefix_caching").value_or(settings.enable_prefix_caching);
  constexpr std::array<std::string_view, 2> policies{"fcfs", "priority"};
  settings.scheduling_policy = static_cast<SchedulingPolicy>(
      table.choice("scheduling_policy", policies, static_cast<std::size_t>(settings.scheduling_policy)));
  settings.enforce_eager = table.boolean_if("enforce_eager").value_or(settings.enforce_eager);
  // An empty list is not an absent one: it is no sizes.
  const bool stated = table.has("cudagraph_capture_sizes");
  std::vector<std::int64_t> sizes = table.integers("cudagraph_capture_sizes", {1.0, 1e6});
  if (stated) settings.cudagraph_capture_sizes = ascending(std::move(sizes));
  if (const auto watermark = table.number_if("watermark", share)) settings.watermark = watermark;
  settings.scheduler_reserve_full_isl =
      table.boolean_if("scheduler_reserve_full_isl").value_or(settings.scheduler_reserve_full_isl);
  settings.max_prefill_tokens = table.integer_if("max_prefill_tokens", tokens).value_or(settings.max_prefill_tokens);
  settings.schedule_conservativeness =
      table.number_if("schedule_conservativeness", {0.0, 100.0}).value_or(settings.schedule_conservativeness);
  settings.scheduler = read_name(table, "scheduler", scheduler_names(), settings.scheduler);
  return settings;
}

Result<std::shared_ptr<const model::Model>> read_model_at(const std::string& folder, const std::string& config,
                                                          std::span<const Edit> edits) {
  PLUMB_ASSIGN(model::Model model, model::read_model(workload::path_in(folder, config), edits));
  return std::make_shared<const model::Model>(std::move(model));
}

Result<std::shared_ptr<const model::Model>> with_drafter(std::shared_ptr<const model::Model> target,
                                                         const SpeculationSettings& settings, const Reader& table,
                                                         const std::string& folder) {
  std::shared_ptr<const model::Model> draft;
  if (!settings.draft_model.empty()) {
    auto read = read_model_at(folder, settings.draft_model);
    if (!read) return fail(workload::at_key(std::move(read).error(), table, "draft_model"));
    draft = std::move(*read);
  }
  PLUMB_ASSIGN(model::Model both,
               model::with_speculation(*target, settings.method, settings.num_speculative_tokens, draft.get()));
  return std::make_shared<const model::Model>(std::move(both));
}

Status read_assumptions(Reader& root, catalog::Catalog& catalog) {
  auto assumptions = root.table_if("assume");
  if (!assumptions) return {};
  for (auto& [name, figures] : assumptions->named_tables()) {
    if (catalog.accelerator(name) == nullptr) return fail(catalog.unknown_accelerator(name, assumptions->place(name)));
    PLUMB_TRY(catalog.assume(name, figures));
  }
  return {};
}

Result<DeploymentFile> read_deployment(const std::string& path, catalog::Catalog& catalog) {
  PLUMB_ASSIGN(const Document document, Document::read_toml(path));
  return read_deployment(document, catalog, {});
}

Result<DeploymentFile> read_deployment(const Document& document, catalog::Catalog& catalog,
                                       const DocumentEdits& edits) {
  constexpr Range ranks{1.0, 4096.0};
  const std::string& path = document.name();
  Reader root(document);
  PLUMB_TRY(read_assumptions(root, catalog));

  DeploymentFile file;
  file.deployment.name = root.text("name");
  const std::string config = root.text("model");
  const std::string accelerator = root.text("accelerator");
  file.deployment.precision = read_precision(root);
  static constexpr std::array<std::string_view, 2> mla_prefills{"expanded", "absorbed"};
  const bool absorbed = root.choice("mla_prefill", mla_prefills, 0) == 1;
  file.deployment.parallelism.tensor = static_cast<int>(root.integer_if("tensor_parallel_size", ranks).value_or(1));
  file.deployment.parallelism.pipeline = static_cast<int>(root.integer_if("pipeline_parallel_size", ranks).value_or(1));
  file.deployment.parallelism.data = static_cast<int>(root.integer_if("data_parallel_size", ranks).value_or(1));
  file.deployment.parallelism.expert = root.boolean_if("enable_expert_parallel").value_or(false);
  file.replicas = static_cast<int>(root.integer_if("replicas", ranks).value_or(1));
  file.router = read_name(root, "router", router_names(), file.router);
  const std::optional<std::string> profile = root.text_if("profile");
  if (auto engine = root.table_if("engine")) file.deployment.engine = read_all_settings(*engine);
  file.deployment.cache_tiers = read_cache_tiers(root, catalog);
  auto speculation_table = root.table_if("speculation");
  SpeculationSettings speculation;
  if (speculation_table) speculation = read_speculation(*speculation_table);
  file.deployment.engine.acceptance_rate = speculation.acceptance_rate;
  if (auto experts = root.table_if("experts")) {
    PLUMB_ASSIGN(file.deployment.parallelism.routing, read_expert_routing(*experts, folder_of(path)));
  }
  if (auto targets = root.table_if("targets")) file.targets = read_targets(*targets);
  PLUMB_ASSIGN(file.lengths, read_lengths_if(root, folder_of(path)));
  PLUMB_TRY(read_loads(root, folder_of(path), file));
  PLUMB_TRY(root.finish());

  const catalog::Accelerator* found = catalog.accelerator(accelerator);
  if (found == nullptr) return fail(catalog.unknown_accelerator(accelerator, root.place("accelerator")));
  PLUMB_ASSIGN(file.deployment.machine, accelerator::resolve(catalog, *found));
  auto model = read_model_at(folder_of(path), config, edits.of("model"));
  if (!model) return fail(workload::at_key(std::move(model).error(), root, "model"));
  file.deployment.model = std::move(*model);
  if (profile) {
    PLUMB_ASSIGN(file.deployment.profile, KernelProfile::read(workload::path_in(folder_of(path), *profile)));
  }

  if (absorbed) {
    PLUMB_ASSIGN(file.deployment.model, with_absorbed_prefill(*file.deployment.model, root));
  }
  if (speculation_table) {
    PLUMB_ASSIGN(file.deployment.model,
                 with_drafter(file.deployment.model, speculation, *speculation_table, folder_of(path)));
  }
  return file;
}

}  // namespace plumb::serving

#include "serving/deployment_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "serving/router.h"
#include "serving/scheduler.h"

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

EngineSettings read_all_settings(Reader& table) {
  constexpr Range limits{1.0, 1e7};
  EngineSettings settings = read_engine_settings(table);
  settings.max_num_seqs = table.integer_if("max_num_seqs", limits).value_or(settings.max_num_seqs);
  settings.max_num_batched_tokens =
      table.integer_if("max_num_batched_tokens", limits).value_or(settings.max_num_batched_tokens);
  return settings;
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
  settings.block_size = table.integer_if("block_size", tokens).value_or(settings.block_size);
  settings.gpu_memory_utilization =
      table.number_if("gpu_memory_utilization", positive_share).value_or(settings.gpu_memory_utilization);
  settings.enable_chunked_prefill =
      table.boolean_if("enable_chunked_prefill").value_or(settings.enable_chunked_prefill);
  if (const auto watermark = table.number_if("watermark", share)) settings.watermark = watermark;
  settings.scheduler_reserve_full_isl =
      table.boolean_if("scheduler_reserve_full_isl").value_or(settings.scheduler_reserve_full_isl);
  settings.max_prefill_tokens = table.integer_if("max_prefill_tokens", tokens).value_or(settings.max_prefill_tokens);
  settings.schedule_conservativeness =
      table.number_if("schedule_conservativeness", {0.0, 100.0}).value_or(settings.schedule_conservativeness);
  settings.scheduler = read_name(table, "scheduler", scheduler_names(), settings.scheduler);
  return settings;
}

Result<std::shared_ptr<const model::Model>> read_model_at(const std::string& folder, const std::string& config) {
  PLUMB_ASSIGN(model::Model model, model::read_model(config.starts_with('/') ? config : folder + config));
  return std::make_shared<const model::Model>(std::move(model));
}

Error at_key(Error error, const Reader& table, std::string_view key) {
  if (error.fault != Fault::input || error.place.line > 0) return error;
  return table.error(key, fmt::format("{}: {}", error.place.file, error.message), std::move(error.expected));
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
  constexpr Range ranks{1.0, 4096.0};
  PLUMB_ASSIGN(const Document document, Document::read_toml(path));
  Reader root(document);
  PLUMB_TRY(read_assumptions(root, catalog));

  DeploymentFile file;
  file.deployment.name = root.text("name");
  const std::string config = root.text("model");
  const std::string accelerator = root.text("accelerator");
  file.deployment.precision = read_precision(root);
  file.deployment.parallelism.tensor = static_cast<int>(root.integer_if("tensor_parallel_size", ranks).value_or(1));
  file.deployment.parallelism.pipeline = static_cast<int>(root.integer_if("pipeline_parallel_size", ranks).value_or(1));
  file.deployment.parallelism.expert = root.boolean_if("enable_expert_parallel").value_or(false);
  file.replicas = static_cast<int>(root.integer_if("replicas", ranks).value_or(1));
  file.router = read_name(root, "router", router_names(), file.router);
  if (auto engine = root.table_if("engine")) file.deployment.engine = read_all_settings(*engine);
  if (auto targets = root.table_if("targets")) file.targets = read_targets(*targets);
  PLUMB_ASSIGN(file.lengths, read_lengths_if(root, folder_of(path)));
  PLUMB_TRY(root.finish());

  const catalog::Accelerator* found = catalog.accelerator(accelerator);
  if (found == nullptr) return fail(catalog.unknown_accelerator(accelerator, root.place("accelerator")));
  PLUMB_ASSIGN(file.deployment.machine, accelerator::resolve(catalog, *found));
  auto model = read_model_at(folder_of(path), config);
  if (!model) return fail(at_key(std::move(model).error(), root, "model"));
  file.deployment.model = std::move(*model);
  return file;
}

}  // namespace plumb::serving

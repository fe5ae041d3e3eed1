#include "planner/service.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/reader.h"
#include "serving/deployment_file.h"
#include "serving/expert_routing.h"
#include "serving/scheduler.h"
#include "workload/named_file.h"
#include "workload/trace.h"

namespace plumb::planner {
namespace {

constexpr Range count_range{1.0, 1e12, false};
// More than anybody does in a day; the bounds keep every rate that is made of them finite.
constexpr Range per_person_range{0.0, 1e6, true};
constexpr Range load_range{0.0, 1e12};
constexpr Range scale_range{0.0, 1e6, true};
/// Everybody on earth, every eight seconds.
constexpr double requests_per_s_max = 1e9;

/// [users]: monthly users, and from them the mean rate of requests.
Demand read_users(Reader& users) {
  Demand demand;
  demand.monthly_users = users.number("monthly", count_range);
  const double daily_share = users.number("daily_share", positive_share);
  const double sessions = users.number("sessions_per_day", per_person_range);
  const double turns = users.number("turns_per_session", per_person_range);
  demand.requests_per_s_mean = demand.monthly_users * daily_share * sessions * turns / day.value();
  return demand;
}

/// [day]: relative load of equal parts of the day.
workload::DayCurve read_day(Reader& root) {
  auto table = root.table_if("day");
  if (!table) return {};
  std::vector<double> weights = table->numbers("load", load_range);
  if (!root.ok()) return {};
  if (weights.empty() || *std::max_element(weights.begin(), weights.end()) <= 0.0) {
    table->reject("load", "\"load\" has no load in it", "relative loads of equal parts of the day, such as 24 numbers");
    return {};
  }
  return workload::DayCurve(std::move(weights));
}

/// [trace]: requests as they were, cut into windows whose counts are the load curve.
Result<Demand> read_trace_demand(Reader& table, const std::string& folder, workload::LengthSamplerPtr& lengths) {
  const std::string file = table.text("file");
  const double scale = table.number_if("rate_scale", scale_range).value_or(1.0);
  const double window_s = table.quantity_if<Seconds>("window", positive).value_or(5.0 * 60.0 * second).value();
  PLUMB_TRY(table.first_error());
  const auto read = workload::read_trace(file.starts_with('/') ? file : folder + file);
  if (!read) return fail(workload::at_key(read.error(), table, "file"));
  const std::vector<workload::Request>& requests = *read;
  const double start_s = requests.front().arrival_s, duration_s = requests.back().arrival_s - start_s;
  if (duration_s <= 0.0) {
    return fail(table.error("file", fmt::format("all requests of {} arrive at one time, so that it has no rate", file),
                            "a trace that spans some time"));
  }
  const auto windows = static_cast<std::size_t>(std::clamp(std::floor(duration_s / window_s), 1.0, 1e6));
  std::vector<double> counts(windows, 0.0);
  std::vector<workload::Lengths> pairs;
  for (const workload::Request& request : requests) {
    const auto window =
        static_cast<std::size_t>((request.arrival_s - start_s) / duration_s * static_cast<double>(windows));
    counts[std::min(window, windows - 1)] += 1.0;
    pairs.push_back({request.prompt_tokens, request.output_tokens});
  }
  Demand demand;
  demand.requests_per_s_mean = static_cast<double>(requests.size()) / duration_s * scale;
  demand.curve = workload::DayCurve(std::move(counts));
  demand.curve_s = duration_s;
  lengths = workload::lengths_of_pairs(std::move(pairs), fmt::format("{} requests of {}", requests.size(), file));
  return demand;
}

Result<Demand> read_demand(Reader& root, const std::string& folder, workload::LengthSamplerPtr& lengths) {
  auto users = root.table_if("users");
  auto trace = root.table_if("trace");
  if (!users && !trace) {
    return fail(root.error("name", "the service has no load", "a table [users] or [trace]"));
  }
  if (!trace) {
    Demand demand = read_users(*users);
    demand.curve = read_day(root);
    return demand;
  }
  if (root.has("day")) {
    return fail(root.error("day", "[day] beside [trace]: the trace brings its own load curve", "one of the two"));
  }
  PLUMB_ASSIGN(Demand demand, read_trace_demand(*trace, folder, lengths));
  if (users) demand.monthly_users = users->number("monthly", count_range);
  return demand;
}

/// Those of one model, without its name.
std::vector<Edit> edits_of(std::span<const Edit> edits, std::string_view model) {
  std::vector<Edit> found;
  for (const Edit& edit : edits) {
    if (edit.path.size() < 2 || edit.path.front() != model) continue;
    found.push_back(edit);
    found.back().path.erase(found.back().path.begin());
  }
  return found;
}

/// Every edit is of a model that is there.
Status check_edits(std::span<const Edit> edits, const std::vector<ModelChoice>& choices) {
  for (const Edit& edit : edits) {
    const bool known = std::any_of(choices.begin(), choices.end(), [&](const ModelChoice& choice) {
      return edit.path.size() > 1 && edit.path.front() == choice.name;
    });
    if (known) continue;
    Node at = edit.value;
    at.origin = edit.origin.get();
    return fail(edit.origin->document.error_at(
        at, fmt::format("the service has no model named \"{}\"", edit.path.front()),
        fmt::format("model.NAME.key, such as model.\"{}\".num_hidden_layers", choices.front().name)));
  }
  return {};
}

Result<std::vector<ModelChoice>> read_models(Reader& root, const std::string& folder, std::span<const Edit> edits) {
  std::vector<ModelChoice> choices;
  for (Reader& table : root.tables("model")) {
    ModelChoice choice;
    choice.name = table.text("name");
    const bool taken = std::any_of(choices.begin(), choices.end(),
                                   [&](const ModelChoice& other) { return other.name == choice.name; });
    if (taken)
      table.reject("name", fmt::format("a model named \"{}\" is there already", choice.name), "a name of its own");
    const std::string config = table.text("config");
    choice.precision = serving::read_precision(table);
    PLUMB_TRY(root.first_error());
    auto model = serving::read_model_at(folder, config, edits_of(edits, choice.name));
    if (!model) return fail(workload::at_key(std::move(model).error(), table, "config"));
    choice.model = std::move(*model);
    choices.push_back(std::move(choice));
  }
  if (choices.empty() && root.ok()) {
    return fail(root.error("model", "the service names no model", "a table [[model]] with name and config"));
  }
  PLUMB_TRY(check_edits(edits, choices));
  return choices;
}

std::vector<int> read_sizes(Reader& table, std::string_view key, std::vector<int> absent) {
  constexpr Range sizes{1.0, 4096.0};
  std::vector<int> read;
  for (const std::int64_t size : table.integers(key, sizes)) read.push_back(static_cast<int>(size));
  return read.empty() ? absent : read;
}

std::vector<std::int64_t> read_limits(Reader& table, std::string_view key, std::vector<std::int64_t> absent) {
  constexpr Range limits{1.0, 1e7};
  std::vector<std::int64_t> read = table.integers(key, limits);
  return read.empty() ? absent : read;
}

/// Limits with which the engine does not start are not candidates; that none are left is an error.
void reject_refused(Reader& table, const SearchSpace& search) {
  const auto scheduler = serving::make_scheduler(search.engine.scheduler);
  std::optional<serving::Refusal> refusal;
  serving::EngineSettings settings = search.engine;
  for (const std::int64_t sequences : search.max_num_seqs) {
    for (const std::int64_t tokens : search.max_num_batched_tokens) {
      settings.max_num_seqs = sequences;
      settings.max_num_batched_tokens = tokens;
      refusal = scheduler->refusal(settings);
      if (!refusal) return;
    }
  }
  if (refusal) table.reject(refusal->key, refusal->message, refusal->expected);
}

SearchSpace read_search(Reader& root, const catalog::Catalog& catalog, std::optional<Error>& unknown) {
  SearchSpace search;
  auto hardware = root.table_if("hardware");
  if (hardware) {
    search.accelerators = hardware->texts("accelerators");
    search.tensor_parallel_sizes = read_sizes(*hardware, "tensor_parallel_size", search.tensor_parallel_sizes);
    search.pipeline_parallel_sizes = read_sizes(*hardware, "pipeline_parallel_size", search.pipeline_parallel_sizes);
    search.data_parallel_sizes = read_sizes(*hardware, "data_parallel_size", search.data_parallel_sizes);
    search.enable_expert_parallel = hardware->boolean_if("enable_expert_parallel").value_or(false);
    for (const std::string& name : search.accelerators) {
      if (catalog.accelerator(name) == nullptr && !unknown) {
        unknown = catalog.unknown_accelerator(name, hardware->place("accelerators"));
      }
    }
  }
  if (auto engine = root.table_if("engine")) {
    search.max_num_seqs = read_limits(*engine, "max_num_seqs", search.max_num_seqs);
    search.max_num_batched_tokens = read_limits(*engine, "max_num_batched_tokens", search.max_num_batched_tokens);
    search.engine = serving::read_engine_settings(*engine);
    if (engine->ok()) reject_refused(*engine, search);
  }
  return search;
}

/// [experts] and [speculation]: the same of every candidate.
Status read_experts(Reader& root, const std::string& folder, SearchSpace& search) {
  if (auto experts = root.table_if("experts")) {
    PLUMB_ASSIGN(search.routing, serving::read_expert_routing(*experts, folder));
  }
  return {};
}

Status read_drafters(Reader& root, const std::string& folder, Service& service) {
  auto table = root.table_if("speculation");
  if (!table) return {};
  const serving::SpeculationSettings settings = serving::read_speculation(*table);
  PLUMB_TRY(root.first_error());
  const std::string& scheduler = service.search.engine.scheduler;
  if (settings.num_speculative_tokens > 0 && !serving::make_scheduler(scheduler)->speculates()) {
    return fail(table->error("method", fmt::format("the scheduler {} does not speculate", scheduler), "vllm-v1"));
  }
  service.search.engine.acceptance_rate = settings.acceptance_rate;
  for (ModelChoice& choice : service.models) {
    auto drafted = serving::with_drafter(choice.model, settings, *table, folder);
    if (!drafted) {
      Error error = std::move(drafted).error();
      if (error.fault == Fault::unmet) error.message = fmt::format("{}: {}", choice.name, error.message);
      return fail(std::move(error));
    }
    choice.model = std::move(*drafted);
  }
  return {};
}

/// [price.NAME]: the user's own price of an accelerator replaces the catalog's.
Status read_prices(Reader& root, catalog::Catalog& catalog) {
  auto prices = root.table_if("price");
  if (!prices) return {};
  for (auto& [name, table] : prices->named_tables()) {
    if (catalog.accelerator(name) == nullptr) return fail(catalog.unknown_accelerator(name, prices->place(name)));
    catalog::Accelerator accelerator = *catalog.accelerator(name);
    const std::string date = table.text_if("date").value_or("undated");
    const std::string source = fmt::format("{} [price.{}]", table.place().file, name);
    accelerator.purchase.clear();
    accelerator.rent.clear();
    if (const auto price = table.quantity_if<Dollars>("purchase", positive)) {
      accelerator.purchase.push_back(
          {{*price, Evidence::datasheet, source, "", table.place("purchase")}, *price, *price, date});
    }
    if (const auto rent = table.quantity_if<DollarsPerSecond>("rent", positive)) {
      accelerator.rent.push_back({{*rent, Evidence::datasheet, source, "", table.place("rent")}, *rent, *rent, date});
    }
    catalog.replace(std::move(accelerator));
  }
  return {};
}

}  // namespace

Result<Service> read_service(const std::string& path, catalog::Catalog& catalog) {
  PLUMB_ASSIGN(const Document document, Document::read_toml(path));
  return read_service(document, catalog, {});
}

Result<Service> read_service(const Document& document, catalog::Catalog& catalog, const DocumentEdits& edits) {
  const std::string& path = document.name();
  Reader root(document);
  const std::string folder = serving::folder_of(path);
  PLUMB_TRY(serving::read_assumptions(root, catalog));
  PLUMB_TRY(read_prices(root, catalog));

  Service service;
  service.path = path;
  service.name = root.text("name");
  service.title = root.text_if("title").value_or(service.name);
  service.seed = static_cast<std::uint64_t>(root.integer_if("seed").value_or(1));
  PLUMB_TRY(root.first_error());
  PLUMB_ASSIGN(service.demand, read_demand(root, folder, service.lengths));
  PLUMB_TRY(root.first_error());
  if (service.demand.requests_per_s_peak() > requests_per_s_max) {
    return fail(root.error(
        "name", fmt::format("the service has {:.3g} requests a second", service.demand.requests_per_s_peak()),
        fmt::format("at most {:g}", requests_per_s_max)));
  }
  if (auto lengths = root.table_if("lengths")) {
    PLUMB_ASSIGN(service.lengths, workload::read_lengths(*lengths, folder));
  }
  if (auto targets = root.table_if("targets")) service.targets = serving::read_targets(*targets);
  if (auto cost = root.table_if("cost")) service.cost = economics::read_cost_terms(*cost);
  if (auto revenue = root.table_if("revenue")) service.revenue = economics::read_revenue_terms(*revenue);
  std::optional<Error> unknown;
  service.search = read_search(root, catalog, unknown);
  PLUMB_TRY(read_experts(root, folder, service.search));
  PLUMB_TRY(root.first_error());
  if (unknown) return fail(*unknown);
  PLUMB_ASSIGN(service.models, read_models(root, folder, edits.of("model")));
  PLUMB_TRY(read_drafters(root, folder, service));
  PLUMB_TRY(root.finish());
  if (!service.lengths) return fail(root.error("name", "the service has no lengths", "a table [lengths] or [trace]"));
  if (!service.targets.any()) {
    return fail(root.error("name", "the service has no targets", "a table [targets] with ttft, tpot or e2e"));
  }
  return service;
}

}  // namespace plumb::planner

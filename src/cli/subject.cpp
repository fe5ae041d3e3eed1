#include "cli/subject.h"

#include <fmt/format.h>

#include "base/document.h"
#include "cli/inputs.h"
#include "cli/plan_words.h"
#include "cli/terminal.h"
#include "serving/deployment_file.h"
#include "serving/kernel_profile.h"

namespace plumb::cli {
namespace {

/// A deployment names one model by a path, a service lists its models in [[model]].
Result<bool> is_service(const std::string& path) {
  PLUMB_ASSIGN(const Document document, Document::read_toml(path));
  const Node* model = document.root().find("model");
  return model != nullptr && (model->kind == NodeKind::array || model->kind == NodeKind::table);
}

Error at_file(Error error, const std::string& path) {
  if (error.place.file.empty()) error.place.file = path;
  return error;
}

Result<std::uint64_t> read_seed(const Arguments& arguments, std::uint64_t absent) {
  constexpr std::int64_t most = std::int64_t{1} << 53;
  PLUMB_ASSIGN(const std::int64_t seed, arguments.integer("--seed", static_cast<std::int64_t>(absent), 0, most));
  return static_cast<std::uint64_t>(seed);
}

Result<Subject> read_deployment_subject(const Arguments& arguments, const std::string& path, catalog::Catalog catalog) {
  auto file = serving::read_deployment(path, catalog);
  if (!file) return fail(at_file(std::move(file).error(), path));
  if (const auto profile = arguments.text("--profile")) {
    PLUMB_ASSIGN(file->deployment.profile, serving::KernelProfile::read(*profile));
  }
  auto compiled = serving::compile(file->deployment);
  if (!compiled) return fail(at_file(std::move(compiled).error(), path));

  Subject subject;
  subject.name = file->deployment.name;
  subject.deployment = std::make_shared<const serving::CompiledDeployment>(std::move(*compiled));
  subject.replicas = file->replicas;
  subject.router = file->router;
  subject.targets = file->targets;
  subject.lengths = file->lengths;
  subject.load = std::move(file->load);
  subject.sessions = std::move(file->sessions);
  PLUMB_ASSIGN(subject.seed, read_seed(arguments, subject.seed));
  const accelerator::Machine& machine = file->deployment.machine;
  subject.cost = economics::accelerator_cost({}, *catalog.accelerator(machine.name), Watts::of(machine.power_w));
  return subject;
}

Result<Subject> read_service_subject(const Arguments& arguments, const std::string& path, catalog::Catalog catalog) {
  PLUMB_ASSIGN(planner::Service service, planner::read_service(path, catalog));
  PLUMB_ASSIGN(service.seed, read_seed(arguments, service.seed));
  planner::PlanOptions options;
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  options.jobs = static_cast<int>(jobs);
  options.choices = 1;
  const Result<planner::Plan> plan = [&] {
    Progress progress;
    options.progress = [&](std::string_view stage, std::size_t done, std::size_t of) {
      progress.show(stage, done, of);
    };
    return planner::make_plan(service, catalog, options);
  }();
  if (!plan) return fail(plan.error());
  if (plan->choices.empty()) return fail(at_file(unmet_error(unmet_words(*plan)), path));

  const planner::Choice& choice = plan->choices.front();
  Subject subject;
  subject.name = service.name;
  subject.deployment = choice.candidate.deployment;
  subject.targets = service.targets;
  subject.lengths = service.lengths;
  subject.seed = service.seed;
  subject.cost = choice.candidate.cost;
  subject.planned =
      PlannedLoad{choice.at_peak.rate_per_s, choice.at_peak.requests, choice.at_peak.sequences_mean, choice.replicas};
  return subject;
}

}  // namespace

Result<Subject> read_subject(const Arguments& arguments) {
  const std::string& path = arguments.operands.front();
  PLUMB_ASSIGN(catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const bool service, is_service(path));
  return service ? read_service_subject(arguments, path, std::move(catalog))
                 : read_deployment_subject(arguments, path, std::move(catalog));
}

std::string subject_words(const Subject& subject) {
  const model::Parallelism& parallelism = subject.spec().parallelism;
  std::string words =
      fmt::format("{} on {}, TP{}", subject.spec().model->name, subject.spec().machine.name, parallelism.tensor);
  if (parallelism.pipeline > 1) words += fmt::format(" PP{}", parallelism.pipeline);
  if (parallelism.data > 1) words += fmt::format(" DP{}", parallelism.data);
  if (parallelism.expert) words += " EP";
  return words;
}

}  // namespace plumb::cli

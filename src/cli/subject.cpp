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

Error at_file(Error error, const std::string& path) {
  if (error.place.file.empty()) error.place.file = path;
  return error;
}

Result<std::uint64_t> read_seed(const Arguments& arguments, std::uint64_t absent) {
  constexpr std::int64_t most = std::int64_t{1} << 53;
  PLUMB_ASSIGN(const std::int64_t seed, arguments.integer("--seed", static_cast<std::int64_t>(absent), 0, most));
  return static_cast<std::uint64_t>(seed);
}

Result<Subject> make_deployment_subject(const Arguments& arguments, SubjectFile source) {
  const std::string& path = source.document.name();
  auto file = serving::read_deployment(source.document, source.catalog, source.edits);
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
  subject.cost = economics::accelerator_cost({}, *source.catalog.accelerator(machine.name), Watts::of(machine.power_w));
  return subject;
}

Result<planner::Plan> make_plan(const planner::Service& service, const SubjectFile& source,
                                planner::PlanOptions options) {
  if (source.quiet) return planner::make_plan(service, source.catalog, options);
  Progress progress;
  options.progress = [&](std::string_view stage, std::size_t done, std::size_t of) { progress.show(stage, done, of); };
  return planner::make_plan(service, source.catalog, options);
}

Result<Subject> make_service_subject(const Arguments& arguments, SubjectFile source) {
  const std::string& path = source.document.name();
  PLUMB_ASSIGN(planner::Service service, planner::read_service(source.document, source.catalog, source.edits));
  PLUMB_ASSIGN(service.seed, read_seed(arguments, service.seed));
  planner::PlanOptions options;
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  options.jobs = static_cast<int>(jobs);
  options.choices = 1;
  const Result<planner::Plan> plan = make_plan(service, source, options);
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

bool is_service(const Document& document) {
  const Node* model = document.root().find("model");
  return model != nullptr && (model->kind == NodeKind::array || model->kind == NodeKind::table);
}

Result<Subject> read_subject(const Arguments& arguments) {
  const std::string& path = arguments.operands.front();
  PLUMB_ASSIGN(catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const Document document, Document::read_toml(path));
  const DocumentEdits no_edits;
  return make_subject(arguments, {document, std::move(catalog), no_edits});
}

Result<Subject> make_subject(const Arguments& arguments, SubjectFile file) {
  return is_service(file.document) ? make_service_subject(arguments, std::move(file))
                                   : make_deployment_subject(arguments, std::move(file));
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

#include "cli/simulation_files.h"

#include <algorithm>
#include <utility>

namespace plumb::cli {

Result<SimulationFiles> SimulationFiles::create(const SimulationPaths& paths,
                                                const serving::CompiledDeployment& deployment, int replicas) {
  SimulationFiles files(deployment, replicas);
  if (paths.requests) {
    PLUMB_ASSIGN(files.requests_, RequestCsv::create(*paths.requests));
  }
  if (paths.steps) {
    PLUMB_ASSIGN(files.steps_, StepLog::create(*paths.steps, paths.steps_every));
  }
  if (paths.timeline) {
    PLUMB_ASSIGN(Timeline timeline, Timeline::create(*paths.timeline, replicas));
    files.timeline_.emplace(std::move(timeline), deployment, replicas, paths.each_step);
  }
  if (paths.metrics) {
    PLUMB_ASSIGN(files.metrics_file_, StreamFile::create(*paths.metrics));
    files.metrics_.emplace(deployment.max_model_len, replicas, !deployment.cache_tiers.empty());
  }
  return files;
}

void SimulationFiles::listen(serving::SimulationOptions& options, Interruption& interruption) {
  interruption_ = &interruption;
  if (!steps_ && !timeline_ && !metrics_) return;
  options.run = [this](const serving::StepRun& run, std::size_t replica) { ran(run, replica); };
  options.observer = this;
  if (timeline_) {
    options.transfer = [this](const serving::TierTransfer& transfer, std::size_t replica) {
      timeline_->transferred(transfer, replica);
    };
  }
  if (!metrics_) return;
  options.gaps = [this](const Ramp& ramp, std::int64_t count, std::size_t replica) {
    metrics_->gaps(ramp, count, replica);
  };
}

void SimulationFiles::ran(const serving::StepRun& run, std::size_t replica) {
  if (metrics_) metrics_->ran(run, replica);
  if (!steps_ && !timeline_) return;
  const RunSteps steps(deployment_, run, replica, arrivals_.during(run, replica));
  if (steps_) log_steps(steps);
  if (timeline_) timeline_->ran(steps);
  check();
}

void SimulationFiles::add(const serving::RequestRecord& record) {
  if (!requests_) return;
  requests_->add(record);
  check();
}

void SimulationFiles::check() {
  if (!status()) interruption_->stop();
}

void SimulationFiles::log_steps(const RunSteps& run) {
  for (std::int64_t i = 0; i < run.count();) {
    // Only the first step of a run can have preempted.
    const std::int64_t passed = i == 0 ? 0 : std::min(steps_->steps_left_out(run.replica()), run.count() - i);
    steps_->pass(run.replica(), passed);
    i += passed;
    if (i < run.count()) steps_->add(run.at(i++));
  }
}

template <class Tell>
void SimulationFiles::tell(Tell event) {
  if (timeline_) event(*timeline_);
  if (metrics_) event(*metrics_);
}

void SimulationFiles::arrived(const serving::RequestRecord& record) {
  if (!record.rejected && (steps_ || timeline_))
    arrivals_.add(static_cast<std::size_t>(record.replica), record.arrival_s);
  tell([&](auto& feed) { feed.arrived(record); });
}

void SimulationFiles::scheduled(const serving::RequestRecord& record, double time_s) {
  tell([&](auto& feed) { feed.scheduled(record, time_s); });
}

void SimulationFiles::first_token(const serving::RequestRecord& record) {
  tell([&](auto& feed) { feed.first_token(record); });
}

void SimulationFiles::preempted(const serving::RequestRecord& record, double time_s) {
  tell([&](auto& feed) { feed.preempted(record, time_s); });
}

void SimulationFiles::resumed(const serving::RequestRecord& record, double time_s) {
  tell([&](auto& feed) { feed.resumed(record, time_s); });
}

void SimulationFiles::ended(const serving::RequestRecord& record, double time_s) {
  tell([&](auto& feed) { feed.ended(record, time_s); });
}

Status SimulationFiles::status() const {
  if (requests_ && !requests_->status()) return requests_->status();
  if (steps_ && !steps_->status()) return steps_->status();
  if (timeline_ && !timeline_->status()) return timeline_->status();
  return {};
}

Status SimulationFiles::finish(const std::string& model_name) {
  if (requests_) PLUMB_TRY(requests_->finish());
  if (steps_) PLUMB_TRY(steps_->finish());
  if (timeline_) PLUMB_TRY(timeline_->finish());
  if (!metrics_) return {};
  metrics_file_->write(metrics_->text(model_name));
  return metrics_file_->commit();
}

}  // namespace plumb::cli

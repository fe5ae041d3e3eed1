#include "study/sweep.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include "base/parallel.h"
#include "study/inputs_digest.h"
#include "study/point_files.h"

namespace plumb::study {
namespace {

using Clock = std::chrono::steady_clock;

/// An error of an option, which knows no place, moved to where the study gives the option.
Error at_option(Error error, const Study& study, const OptionValues& options) {
  if (!error.place.file.empty() || error.fault != Fault::input) return error;
  for (const auto& [name, option] : options) {
    const std::string flag = "--" + name;
    if (!error.message.starts_with(flag + " ")) continue;
    Node at = option.node;
    at.origin = option.origin;
    return study.document.error_at(at, error.message.substr(2), std::move(error.expected));
  }
  error.place.file = study.document.name();
  return error;
}

/// What is done with each point.
class Runner {
 public:
  Runner(const Study& study, const SweepOptions& options, PointFiles files, std::string common)
      : study_(study), options_(options), files_(std::move(files)), digest_(study, std::move(common)) {}

  Status check_axes();
  Result<Sweep> run();

 private:
  Status prepare();
  Status check_overwritten() const;
  void run_point(Row& row, int jobs);
  Result<Row> result_of(const Row& row, int jobs);
  void ended(Row& row, Result<Row> result);
  void keep(bool now);
  bool stopped() const { return stop_ || (options_.interrupt != nullptr && *options_.interrupt); }

  template <class Task>
  auto with_inputs(const PointEdits& point, int jobs, Task task) -> decltype(task(std::declval<const PointInputs&>()));

  const Study& study_;
  const SweepOptions& options_;
  PointFiles files_;
  InputsDigest digest_;
  Sweep sweep_;
  std::mutex mutex_;
  std::atomic<bool> stop_ = false;
  std::size_t done_ = 0, pending_ = 0;
  Clock::time_point next_keep_ = Clock::now() + std::chrono::seconds(1);
};

template <class Task>
auto Runner::with_inputs(const PointEdits& point, int jobs, Task task)
    -> decltype(task(std::declval<const PointInputs&>())) {
  static const std::atomic<bool> never = false;
  PLUMB_ASSIGN(const Document base, files_.base(point));
  PLUMB_ASSIGN(const catalog::Catalog catalog, files_.catalog(point));
  auto result = task(PointInputs{base, study_.base, catalog, point.edits, point.options, jobs,
                                 options_.interrupt != nullptr ? *options_.interrupt : never});
  if (!result) return fail(at_option(std::move(result).error(), study_, point.options));
  return result;
}

/// Every value of every axis once, the others at their first.
Status Runner::check_axes() {
  std::vector<std::vector<std::size_t>> points;
  for (std::size_t i = 0; i < study_.axes.size(); ++i) {
    for (std::size_t value = 0; value < study_.axes[i].values.size() && !study_.axes[i].with; ++value) {
      if (value == 0 && !points.empty()) continue;  // checked as the first of all
      std::vector<std::size_t> at(study_.axes.size(), 0);
      for (std::size_t j = 0; j < at.size(); ++j) {
        if (j == i || study_.axes[j].with == i) at[j] = value;
      }
      points.push_back(std::move(at));
    }
  }
  std::vector<std::optional<Error>> errors(points.size());
  parallel_for(points.size(), options_.jobs, [&](std::size_t i) {
    if (stopped()) return;
    const PointEdits edits = edits_at(study_, points[i]);
    const Status status = with_inputs(edits, 1, [&](const PointInputs& inputs) { return study_.kind->check(inputs); });
    if (!status && status.error().fault != Fault::unmet) errors[i] = status.error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return fail(*std::move(error));
  }
  return {};
}

/// The rows that are asked for, with their digests, and those that are known already.
Status Runner::prepare() {
  for (std::size_t point = 0; point < study_.points(); ++point) {
    const bool in_shard = point % options_.shard.of == options_.shard.index - 1;
    if (options_.task ? point + 1 != *options_.task : !in_shard) continue;
    sweep_.rows.emplace_back().point = point;
  }
  std::map<std::string_view, const Row*> known;
  for (const Row& row : options_.known) known.emplace(row.inputs, &row);
  std::vector<std::optional<Error>> errors(sweep_.rows.size());
  parallel_for(sweep_.rows.size(), options_.jobs, [&](std::size_t i) {
    Row& row = sweep_.rows[i];
    const PointEdits edits = edits_at(study_, study_.positions(row.point));
    const Result<Document> base = files_.base(edits);
    if (!base) {
      errors[i] = base.error();
      return;
    }
    const std::string inputs = digest_.of(edits, *base);
    const std::size_t point = row.point;
    if (const auto found = known.find(inputs); found != known.end()) row = *found->second;
    row.point = point;
    row.inputs = inputs;
  });
  for (std::optional<Error>& error : errors) {
    if (error) return fail(*std::move(error));
  }
  return {};
}

/// A part of the points must not be written over rows of another part.
Status Runner::check_overwritten() const {
  if (!options_.task && options_.shard.of == 1) return {};
  std::set<std::string_view> asked;
  for (const Row& row : sweep_.rows) asked.insert(row.inputs);
  for (const std::string& inputs : options_.overwritten) {
    if (asked.contains(inputs)) continue;
    return fail(input_error({}, "the CSV has rows of points that are not asked for, which would be lost",
                            "a path of its own for each shard or task, or --fresh"));
  }
  return {};
}

Result<Row> Runner::result_of(const Row& row, int jobs) {
  const PointEdits edits = edits_at(study_, study_.positions(row.point));
  PLUMB_ASSIGN(const Document result,
               with_inputs(edits, jobs, [&](const PointInputs& inputs) { return study_.kind->run(inputs); }));
  return done_row(study_, row.point, result);
}

void Runner::run_point(Row& row, int jobs) {
  if (stopped()) return;
  Result<Row> result = result_of(row, jobs);
  // What an interrupted run says is not what the point is.
  if (options_.interrupt != nullptr && *options_.interrupt) return;
  const std::lock_guard lock(mutex_);
  ended(row, std::move(result));
}

void Runner::ended(Row& row, Result<Row> result) {
  if (result) {
    result->inputs = row.inputs;
    row = std::move(*result);
  } else if (result.error().fault == Fault::unmet) {
    row.status = RowStatus::unmet;
    // A line of its own without blanks at its ends, as the CSV gives it back.
    Error reason = std::move(result).error();
    reason.place = {};
    row.reason = one_line(reason);
  } else {
    if (!sweep_.error) sweep_.error = std::move(result).error();
    stop_ = true;
    return;
  }
  ++sweep_.ran;
  ++done_;
  if (options_.progress) options_.progress(done_, pending_);
  keep(false);
}

/// Hands the rows out; rarely enough that it never takes more than a twentieth of the time.
void Runner::keep(bool now) {
  if (!options_.keep || (!now && Clock::now() < next_keep_)) return;
  const Clock::time_point begin = Clock::now();
  mark_pareto(study_, sweep_.rows);
  if (Status status = options_.keep(sweep_.rows); !status) {
    if (!sweep_.error) sweep_.error = std::move(status).error();
    stop_ = true;
  }
  constexpr int share = 20;
  const Clock::duration pause = std::max<Clock::duration>(std::chrono::seconds(1), share * (Clock::now() - begin));
  next_keep_ = Clock::now() + pause;
}

Result<Sweep> Runner::run() {
  PLUMB_TRY(prepare());
  PLUMB_TRY(check_overwritten());
  std::vector<Row*> pending;
  for (Row& row : sweep_.rows) {
    if (row.status == RowStatus::missing) pending.push_back(&row);
  }
  sweep_.reused = sweep_.rows.size() - pending.size();
  pending_ = pending.size();
  if (!pending.empty()) PLUMB_TRY(check_axes());
  const int threads = options_.jobs > 0 ? options_.jobs : default_jobs();
  const int each = std::max(1, threads / static_cast<int>(std::clamp<std::size_t>(pending.size(), 1, 4096)));
  if (options_.progress && !pending.empty()) options_.progress(0, pending_);
  parallel_for(pending.size(), options_.jobs, [&](std::size_t i) { run_point(*pending[i], each); });
  sweep_.interrupted = options_.interrupt != nullptr && *options_.interrupt;
  keep(true);
  mark_pareto(study_, sweep_.rows);
  return std::move(sweep_);
}

}  // namespace

std::size_t Sweep::count(RowStatus status) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.status == status; }));
}

Result<Sweep> run_sweep(const Study& study, const SweepOptions& options) {
  PLUMB_ASSIGN(PointFiles files, PointFiles::read(study));
  PLUMB_ASSIGN(std::string common, InputsDigest::common(study));
  return Runner(study, options, std::move(files), std::move(common)).run();
}

}  // namespace plumb::study

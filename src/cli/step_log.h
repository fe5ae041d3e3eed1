#pragma once
// The steps of engines as CSV (docs/outputs.md has the columns), written as they happen: all of them, or of each
// replica its first and every Nth after it. What is left out of a sample depends on the replica's own steps only, so it
// is the same however replicas take turns. Failures show in status() and finish(), and without finish() nothing is left
// behind (base/stream_file.h). Memory is a few numbers a replica. Thread rule: one thread.
//
//   PLUMB_ASSIGN(StepLog log, StepLog::create("steps.csv.gz", 100));
//   log.add(step);                                        // every step, written or not
//   if (log.steps_left_out(replica) >= k) log.pass(replica, k);      // or k of them at once, without looking at each
//   PLUMB_TRY(log.finish());

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/stream_file.h"
#include "cli/step_record.h"
#include "report/csv_writer.h"

namespace plumb::cli {

class StepLog {
 public:
  /// `every` is from 1, which is all steps.
  [[nodiscard]] static Result<StepLog> create(const std::string& path, std::int64_t every);

  /// The next step of its replica.
  void add(const StepRecord& step);
  /// How many of the replica's next steps are not going to be written.
  std::int64_t steps_left_out(int replica) const;
  /// Passes over so many steps of the replica, at most steps_left_out(), during which none was preempted.
  void pass(int replica, std::int64_t steps);

  const Status& status() const { return file_.status(); }
  std::int64_t rows() const { return rows_; }
  [[nodiscard]] Status finish();

 private:
  struct Replica {
    std::int64_t until_next = 0;   ///< steps that are left out before the next row
    std::int64_t preemptions = 0;  ///< since the row before
  };

  StepLog(StreamFile file, std::int64_t every);
  Replica& replica(int number);

  StreamFile file_;
  std::int64_t every_;
  report::CsvWriter csv_;
  std::vector<Replica> replicas_;
  std::int64_t rows_ = 0;
};

}  // namespace plumb::cli

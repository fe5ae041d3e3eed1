#pragma once
// The requests of a simulation as CSV (docs/simulate.md has the columns), a row each, written as they come. Failures
// show in status() and finish(), and without finish() nothing is left behind (base/stream_file.h). Thread rule: one
// thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/stream_file.h"
#include "report/csv_writer.h"
#include "serving/request_record.h"

namespace plumb::cli {

/// "completed", "rejected_too_long", "rejected_never_fits", or "unfinished" where the simulation was stopped.
std::string_view status_name(const serving::RequestRecord& record);

class RequestCsv {
 public:
  [[nodiscard]] static Result<RequestCsv> create(const std::string& path);

  void add(const serving::RequestRecord& record);
  const Status& status() const { return file_.status(); }
  [[nodiscard]] Status finish();

 private:
  explicit RequestCsv(StreamFile file);

  StreamFile file_;
  report::CsvWriter csv_;
  std::int64_t rows_ = 0;
};

}  // namespace plumb::cli

// Whatever bytes a file of measurements has: an error with a place in it, or rows whose words are all read without an
// assertion, into numbers that a simulation can take.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/line_reader.h"
#include "validation/lengths.h"
#include "validation/measured_row.h"
#include "validation/metric.h"
#include "validation/model_name.h"
#include "validation/parallelism.h"
#include "validation/precision.h"
#include "validation/scenario.h"
#include "workload_files.h"

namespace {

using namespace plumb;
using namespace plumb::validation;

void check(const std::optional<LengthWords>& lengths) {
  if (!lengths) return;
  require(std::isfinite(lengths->mean) && lengths->mean >= 1.0 && lengths->high >= lengths->mean);
  Stream stream(1, "lengths");
  for (int i = 0; i < 8; ++i) require(lengths->sample(stream) >= 1);
}

void check(const MeasuredRow& row) {
  const LoadWords load = load_of(row.scenario, row.concurrency, row.notes);
  require(!load.batch || *load.batch >= 1);
  require(!load.requests || *load.requests >= 1);
  const ParallelismWords split = parallelism_of(row.parallelism);
  for (const auto& ranks : {split.tensor, split.pipeline, split.data, split.expert}) require(!ranks || *ranks >= 1);
  if (const auto precision = precision_of(row.precision); precision && precision->weights) {
    require(precision->weights->bits > 0.0);
  }
  constexpr double context = 131072.0;
  check(prompt_lengths(row.input_tokens, row.notes, context));
  check(output_lengths(row.output_tokens, row.input_tokens, row.notes, context));
  software_of(row.software, row.date);
  metric_of(row.metric);
  plain_model_name(row.model);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Result<LineReader> lines = LineReader::of({reinterpret_cast<const char*>(data), size}, "input");
  if (!lines) return 0;
  const Result<std::vector<MeasuredRow>> rows = read_measured_rows(*lines);
  if (!rows) {
    require(!rows.error().message.empty() && rows.error().place.file == "input");
    return 0;
  }
  require(!rows->empty());
  for (const MeasuredRow& row : *rows) check(row);
  return 0;
}

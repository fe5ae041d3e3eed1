#pragma once
// What a format of benchmark results has to provide, and what the formats share. See measured_run.h.

#include <span>
#include <string>
#include <string_view>

#include "base/reader.h"
#include "workload/measured_run.h"

namespace plumb::workload {

struct MeasuredFormat {
  std::string_view example;  ///< a key that tells it, as messages show it
  bool (*recognises)(const Node& root);
  /// `benchmark` from 1, or 0 for the only one.
  Result<MeasuredRun> (*read)(const Document& document, int benchmark);
};

MeasuredFormat vllm_measured_format();
MeasuredFormat guidellm_measured_format();

/// Times beyond three centuries are in another unit than the format says.
inline constexpr Range measured_time{0.0, 1e10};
inline constexpr Range measured_tokens{0.0, 1e9};
inline constexpr Range measured_rate{1e-9, 1e9};

/// That benchmark `asked` (from 1; 0: the only one) of `count` cannot be had; an error at `key`, or nothing.
[[nodiscard]] Status check_benchmark(const Reader& reader, std::string_view key, int asked, std::size_t count);

/// Puts requests in order of start, shifts starts so that the first is 0, and finds in_flight_max where the starts are
/// measured.
void settle(MeasuredRun& run);

}  // namespace plumb::workload

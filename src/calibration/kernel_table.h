#pragma once
// Tables of measured kernels, CSV, plain, .gz or .zst:
//
//   # source: ai-dynamo/aiconfigurator@095f58a51 (Apache-2.0), h100_sxm, vLLM 0.24.0
//   format,m,n,k,latency_us
//   bf16,1,4096,4096,12.4
//
// The columns of sizes are those of the family (KernelModel::columns), in any order; `format` is one of
// catalog::kernel_formats and may be left out, which is bf16; the time is in `latency_us` or `latency_ms`. Other
// columns are not read. Lines that start with '#' are passed over, but for "# source:", which says where the table is
// from and is kept with what is fitted to it.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "calibration/kernel_model.h"
#include "workload/csv.h"

namespace plumb::calibration {

struct KernelTable {
  std::string source;                                                   ///< empty where the table does not say
  std::map<std::string, std::vector<KernelPoint>, std::less<>> points;  ///< by format
};

/// Takes a table line by line. Thread rule: one thread.
class KernelTableReader {
 public:
  static constexpr std::size_t rows_max = 2'000'000;

  /// `name` is what messages call the table. The model must outlive it.
  KernelTableReader(std::string name, const KernelModel& model);
  [[nodiscard]] Status take(std::string_view line);
  /// A table without rows is an error.
  [[nodiscard]] Result<KernelTable> finish();

 private:
  [[nodiscard]] Status take_header();
  [[nodiscard]] Status take_row();
  Error error(std::size_t field, std::string message, std::string expected) const;
  Result<double> number(std::size_t field, std::string_view column, double low) const;

  std::string name_;
  const KernelModel& model_;
  workload::CsvLine line_;
  KernelTable table_;
  std::size_t fields_ = 0;  ///< of the header; 0 before it
  std::vector<std::size_t> sizes_;
  std::optional<std::size_t> format_;
  std::size_t latency_ = 0;
  double latency_unit_s_ = 1e-6;
  std::size_t rows_ = 0;
  int line_number_ = 0;
};

[[nodiscard]] Result<KernelTable> read_kernel_table(const std::string& path, const KernelModel& model);

}  // namespace plumb::calibration

// Whatever bytes a table of kernels or a file of grids has: an error with a place in it, or points whose times are
// above zero and grids that say numbers.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "calibration/kernel_table.h"
#include "catalog/kernel_grid.h"
#include "workload_files.h"

namespace {

using namespace plumb;

void check(const Error& error) { require(!error.place.file.empty() && !error.message.empty()); }

void read_table(const std::string& path, const calibration::KernelModel& model) {
  const Result<calibration::KernelTable> table = calibration::read_kernel_table(path, model);
  if (!table) return check(table.error());
  for (const auto& [format, points] : table->points) {
    for (const calibration::KernelPoint& point : points) require(point.seconds > 0.0 && std::isfinite(point.seconds));
  }
}

void read_grids(std::string_view text) {
  const Result<catalog::KernelGrids> grids = catalog::KernelGrids::parse(text, "input");
  if (!grids) return check(grids.error());
  const std::string written = grids->text();
  const Result<catalog::KernelGrids> again = catalog::KernelGrids::parse(written, "input");
  require(again.has_value());
  if (const catalog::KernelGrid* grid = grids->find("gemm", "bf16")) {
    const auto value = grid->along_first(512.0, 512.0).value(16.0);
    require(!value || std::isfinite(*value));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const MemoryFile file(bytes);
  for (const calibration::KernelModel* model : calibration::kernel_models()) read_table(file.path(), *model);
  read_grids(bytes);
  return 0;
}

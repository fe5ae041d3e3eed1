#pragma once
// Calibration: for every accelerator that was measured, and for the class of each, the fits of all families and
// formats, their errors, and the files of the catalog that hold them.
//
//   accelerator   its own fits
//   class         of each parameter the median, by logarithm, over the class's accelerators that were measured: what an
//                 accelerator of the class gets that nobody has measured
//   left out      an accelerator's error with the medians of the others: what a new accelerator will see
//
// The same tables give the same bytes, whatever the number of threads.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "calibration/kernel_calibration.h"
#include "calibration/kernel_table.h"
#include "catalog/calibration_file.h"

namespace plumb::calibration {

/// Measurements of a family on an accelerator.
struct Measured {
  std::string accelerator;
  const KernelModel* model = nullptr;
  KernelTable table;
  std::string path;
};

/// The tables of a folder, files ACCELERATOR.FAMILY.csv, .csv.gz or .csv.zst, by name. Other files are passed over.
/// With `accelerator` or `family` (empty: all) only those.
[[nodiscard]] Result<std::vector<Measured>> read_kernel_tables(const std::string& folder, std::string_view accelerator,
                                                               std::string_view family);

/// One family in one format on one accelerator.
struct AcceleratorFit {
  std::string accelerator, efficiency_class;
  const KernelModel* model = nullptr;
  KernelCalibration kernels;
  std::optional<Errors> as_new;  ///< with the others' medians; nothing where there are no others
  std::string source, path;
};

/// The fits of a class.
struct ClassFit {
  std::string efficiency_class;
  const KernelModel* model = nullptr;
  std::string format;
  std::vector<double> values;
  std::vector<std::string> accelerators;  ///< whose medians the values are
  Errors as_new;                          ///< medians over them of what each has as a new one
};

struct Calibrated {
  std::vector<AcceleratorFit> accelerators;  ///< by accelerator, family and format
  std::vector<ClassFit> classes;             ///< where more than one accelerator was measured
};

/// An accelerator that the catalog does not have, or one without peak or bandwidth, is an error. `jobs` as in
/// base/parallel.h.
[[nodiscard]] Result<Calibrated> calibrate(const catalog::Catalog& catalog, const std::vector<Measured>& measured,
                                           int jobs);

/// A file of the catalog: "calibrations/h100-sxm.toml" and its bytes.
struct CalibrationFile {
  std::string path, text;
};
/// `command` is the command line that made them.
std::vector<CalibrationFile> calibration_files(const Calibrated& calibrated, const catalog::Catalog& catalog,
                                               std::string_view command);

}  // namespace plumb::calibration

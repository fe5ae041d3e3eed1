#pragma once
// Files of calibrations/: what `plumb calibrate` writes of an accelerator, or of a class for those of its accelerators
// that nobody has measured. Their format: docs/calibration.md. Beside NAME.toml may stand NAME.csv with the grids of
// kernel_grid.h.

#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "base/result.h"
#include "catalog/kernel_fit.h"
#include "catalog/kernel_grid.h"

namespace plumb::catalog {

struct Calibration {
  std::string name;  ///< of an accelerator or of a class
  std::string title;
  std::string command;    ///< that made the file
  bool of_class = false;  ///< its fits are the middle of those of the class's accelerators
  KernelFits kernels;
  std::string grid_path;  ///< empty: no grids
  std::string grid_text;
  std::vector<std::string> notes;
  Place place;

  /// The grids, read anew each time: only what is asked for is worth the reading.
  [[nodiscard]] Result<KernelGrids> grids() const;
};

/// Fits of a class have the evidence `datasheet`, those of an accelerator `measured`.
[[nodiscard]] Result<Calibration> read_calibration(const Document& document, std::string name);

}  // namespace plumb::catalog

#include "catalog/calibration_file.h"

#include <array>

#include "catalog/figure_reader.h"

namespace plumb::catalog {

Result<KernelGrids> Calibration::grids() const {
  if (grid_path.empty()) return KernelGrids{};
  return KernelGrids::parse(grid_text, grid_path);
}

Result<Calibration> read_calibration(const Document& document, std::string name) {
  constexpr std::array<std::string_view, 2> kinds{"accelerator", "class"};
  Reader file(document);
  Calibration calibration;
  calibration.name = std::move(name);
  calibration.place = document.place(0, 0);
  calibration.title = file.text("title");
  calibration.command = file.text("command");
  calibration.notes = file.texts("notes");
  calibration.of_class = file.choice("of", kinds, 0) == 1;
  const FigureReader figures = FigureReader::of_file(file);
  calibration.kernels =
      read_kernel_fits(file, figures, calibration.of_class ? Evidence::datasheet : Evidence::measured);
  PLUMB_TRY(file.finish());
  return calibration;
}

}  // namespace plumb::catalog

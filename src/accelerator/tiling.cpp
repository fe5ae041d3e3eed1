#include "accelerator/tiling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace plumb::accelerator {

double fill_of(double tiles, double units) {
  assert(tiles > 0.0 && units > 0.0);
  return tiles / (std::ceil(tiles / units) * units);
}

double product_fill(double rows, double inner, double columns, double batch, std::span<const double> edges,
                    double units) {
  assert(rows > 0.0 && !edges.empty());
  double least = std::numeric_limits<double>::infinity(), fill = 1.0;
  for (const double tile_rows : edges) {
    const double along_rows = std::ceil(rows / std::min(tile_rows, rows));
    for (const double tile_columns : edges) {
      const double along_columns = std::ceil(columns / std::min(tile_columns, columns));
      const double filled = fill_of(along_rows * along_columns * batch, units);
      const double numbers = along_columns * rows * inner + along_rows * columns * inner + rows * columns;
      const double cost = numbers / (filled * filled);
      if (cost >= least) continue;
      least = cost;
      fill = filled;
    }
  }
  return fill;
}

}  // namespace plumb::accelerator

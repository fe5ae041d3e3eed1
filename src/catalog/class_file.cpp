#include "catalog/class_file.h"

#include "base/reader.h"
#include "catalog/figure_reader.h"

namespace plumb::catalog {

Result<EfficiencyClass> read_class(const Document& document, std::string name) {
  // A reserve of the whole memory would leave nothing to serve with.
  constexpr Range reserve{0.0, 0.9};
  Reader file(document);
  EfficiencyClass efficiency;
  efficiency.name = std::move(name);
  efficiency.place = document.place(0, 0);
  efficiency.title = file.text("title");
  efficiency.notes = file.texts("notes");
  const FigureReader figures = FigureReader::of_file(file);
  efficiency.gemm = figures.required_number(file, "gemm", positive_share);
  efficiency.attention = figures.required_number(file, "attention", positive_share);
  efficiency.expert = figures.required_number(file, "expert", positive_share);
  efficiency.bandwidth = figures.required_number(file, "bandwidth", positive_share);
  efficiency.memory_queue = figures.number(file, "memory_queue", {1.0, 4096.0});
  efficiency.tile_rows = figures.required_number(file, "tile_rows", from_one);
  if (file.has("tile_edges")) {
    efficiency.tile_edges = file.numbers("tile_edges", from_one);
    efficiency.concurrent_tiles = figures.required_number(file, "concurrent_tiles", from_one);
  }
  efficiency.launch = figures.required_quantity<Seconds>(file, "launch", not_negative);
  efficiency.elementwise_launch = figures.quantity<Seconds>(file, "elementwise_launch", not_negative);
  efficiency.eager_launch = figures.quantity<Seconds>(file, "eager_launch", not_negative);
  efficiency.step_overhead = figures.required_quantity<Seconds>(file, "step_overhead", not_negative);
  efficiency.sequence_overhead = figures.required_quantity<Seconds>(file, "sequence_overhead", not_negative);
  efficiency.detokenisation = figures.quantity<Seconds>(file, "detokenisation", not_negative);
  efficiency.memory_reserve = figures.required_number(file, "memory_reserve", reserve);
  PLUMB_TRY(file.finish());
  return efficiency;
}

}  // namespace plumb::catalog

#include "catalog/link_file.h"

#include <array>
#include <string_view>

#include "base/reader.h"
#include "catalog/figure_reader.h"

namespace plumb::catalog {

Result<Link> read_link(const Document& document, std::string name) {
  Reader file(document);
  Link link;
  link.name = std::move(name);
  link.place = document.place(0, 0);
  link.title = file.text("title");
  link.notes = file.texts("notes");
  const FigureReader figures = FigureReader::of_file(file);
  link.latency = figures.quantity<Seconds>(file, "latency", not_negative);
  link.exchange_latency = figures.quantity<Seconds>(file, "exchange_latency", not_negative);
  static constexpr std::array<std::string_view, 2> all_reduces{"fastest", "ring"};
  link.ring_only = file.choice("all_reduce", all_reduces, 0) == 1;
  link.efficiency = figures.number(file, "efficiency", positive_share);
  PLUMB_TRY(file.finish());
  return link;
}

}  // namespace plumb::catalog

#include "catalog/tier_file.h"

#include "base/reader.h"
#include "catalog/figure_reader.h"

namespace plumb::catalog {

Result<Tier> read_tier(const Document& document, std::string name) {
  Reader file(document);
  Tier tier;
  tier.name = std::move(name);
  tier.place = document.place(0, 0);
  tier.title = file.text("title");
  tier.notes = file.texts("notes");
  const FigureReader figures = FigureReader::of_file(file);
  tier.read_bandwidth = figures.required_quantity<BytesPerSecond>(file, "read_bandwidth");
  tier.write_bandwidth = figures.required_quantity<BytesPerSecond>(file, "write_bandwidth");
  tier.latency = figures.required_quantity<Seconds>(file, "latency", not_negative);
  PLUMB_TRY(file.finish());
  return tier;
}

}  // namespace plumb::catalog

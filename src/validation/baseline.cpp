#include "validation/baseline.h"

#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/document.h"
#include "base/reader.h"
#include "report/json_writer.h"
#include "validation/carried.h"

namespace plumb::validation {
namespace {

/// Enough digits to tell two results apart, few enough to be read in a difference of files.
double rounded(double value) {
  constexpr double steps = 1e5;
  return std::round(value * steps) / steps;
}

}  // namespace

Baseline baseline_of(const Validation& validation, const Accuracy& accuracy) {
  Baseline baseline;
  baseline.simulated_runs = accuracy.simulated.runs;
  baseline.simulated_rows = accuracy.simulated.rows;
  baseline.scored_rows = accuracy.scored_rows;
  const std::map<bool, double> coverage = coverage_of(validation, accuracy.cells);
  if (const auto found = coverage.find(false); found != coverage.end()) baseline.coverage = rounded(found->second);
  std::map<std::pair<std::string, bool>, std::vector<const Cell*>> kinds;
  for (const Cell& cell : accuracy.cells) kinds[{cell.name.kind, cell.name.assumed}].push_back(&cell);
  for (const auto& [key, cells] : kinds) {
    OverCells over = over_cells(cells);
    over.median = rounded(over.median);
    over.p90 = rounded(over.p90);
    over.bias = rounded(over.bias);
    baseline.kinds.push_back({key.first, key.second, over});
  }
  const Bands bands = bands_of(validation, accuracy.cells);
  for (const auto& [key, band] : bands.all()) {
    baseline.bands.set(key.first, key.second, {rounded(band.e_low), rounded(band.e_high), band.cells});
  }
  return baseline;
}

std::string baseline_json(const Baseline& baseline) {
  report::JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.validation-baseline/1");
  json.member("made_by", "plumb validate --baseline validation/baseline.json");
  json.member("simulated_runs", baseline.simulated_runs);
  json.member("simulated_rows", baseline.simulated_rows);
  json.member("scored_rows", baseline.scored_rows);
  json.member("coverage", baseline.coverage);
  json.begin_array("kinds");
  for (const BaselineKind& kind : baseline.kinds) {
    json.begin_object();
    json.member("kind", kind.kind);
    json.member("assumed", kind.assumed);
    json.member("cells", kind.over.cells);
    json.member("rows", kind.over.rows);
    json.member("median", kind.over.median);
    json.member("p90", kind.over.p90);
    json.member("bias", kind.over.bias);
    json.end_object();
  }
  json.end_array();
  json.begin_array("bands");
  for (const auto& [key, band] : baseline.bands.all()) {
    json.begin_object();
    json.member("kind", key.first);
    json.member("assumed", key.second);
    json.member("e10", band.e_low);
    json.member("e90", band.e_high);
    json.member("cells", band.cells);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

Result<Baseline> parse_baseline(std::string_view text, std::string name) {
  PLUMB_ASSIGN(const Document document, Document::parse_json(text, std::move(name)));
  Reader root(document);
  Baseline baseline;
  root.text("schema");
  root.text("made_by");
  const auto count = [](Reader& table, std::string_view key) { return static_cast<std::size_t>(table.integer(key)); };
  baseline.simulated_runs = count(root, "simulated_runs");
  baseline.simulated_rows = count(root, "simulated_rows");
  baseline.scored_rows = count(root, "scored_rows");
  baseline.coverage = root.number("coverage");
  for (Reader& entry : root.tables("kinds")) {
    BaselineKind kind;
    kind.kind = entry.text("kind");
    kind.assumed = entry.boolean("assumed");
    kind.over.cells = count(entry, "cells");
    kind.over.rows = count(entry, "rows");
    kind.over.median = entry.number("median");
    kind.over.p90 = entry.number("p90");
    kind.over.bias = entry.number("bias");
    baseline.kinds.push_back(std::move(kind));
  }
  for (Reader& entry : root.tables("bands")) {
    const std::string kind = entry.text("kind");
    const bool assumed = entry.boolean("assumed");
    const double e_low = entry.number("e10"), e_high = entry.number("e90");
    baseline.bands.set(kind, assumed, {e_low, e_high, count(entry, "cells")});
  }
  PLUMB_TRY(root.finish());
  return baseline;
}

Result<Baseline> carried_baseline() { return parse_baseline(carried_baseline_bytes(), "validation/baseline.json"); }

std::vector<std::string> regressions(const Baseline& before, const Baseline& now) {
  std::vector<std::string> worse;
  const auto fewer = [&](std::string_view what, std::size_t was, std::size_t is) {
    if (is < was) worse.push_back(fmt::format("{} {}, {} before", is, what, was));
  };
  fewer("runs simulated", before.simulated_runs, now.simulated_runs);
  fewer("metrics simulated", before.simulated_rows, now.simulated_rows);
  std::map<std::pair<std::string, bool>, OverCells> kinds;
  for (const BaselineKind& kind : now.kinds) kinds[{kind.kind, kind.assumed}] = kind.over;
  const auto grown = [](double was, double is) { return is > was * 1.02 + 0.005; };
  for (const BaselineKind& kind : before.kinds) {
    const auto found = kinds.find({kind.kind, kind.assumed});
    const std::string name = kind.kind + (kind.assumed ? ", something assumed" : "");
    if (found == kinds.end()) {
      worse.push_back(name + ": no row is scored any more");
      continue;
    }
    const OverCells& is = found->second;
    if (grown(kind.over.median, is.median) || grown(kind.over.p90, is.p90)) {
      worse.push_back(fmt::format("{}: median {:.4f} and p90 {:.4f}, {:.4f} and {:.4f} before", name, is.median, is.p90,
                                  kind.over.median, kind.over.p90));
    }
    fewer(name + ": cells", kind.over.cells, is.cells);
  }
  return worse;
}

}  // namespace plumb::validation

#include "cli/catalog_entry.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "base/unit.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::human;

std::string shown(double value) { return report::significant(value, 4); }
std::string shown(DollarsPerSecond rent) { return report::per_hour(rent); }
std::string shown(DollarsPerByte price) { return human(price * gigabyte) + "/GB"; }
template <class Q>
std::string shown(Q value) {
  return human(value);
}

double value_of(double value) { return value; }
template <class Q>
double value_of(Q quantity) {
  return quantity.value();
}

template <class T>
std::string unit_of() {
  if constexpr (std::is_same_v<T, double>)
    return {};
  else
    return base_unit(dimension_of<T>());
}

template <class T>
FigureLine line_of(std::string key, const catalog::Figure<T>& figure, std::string text) {
  return {std::move(key), std::move(text), value_of(figure.value), unit_of<T>(), figure.evidence, figure.source,
          figure.note,    figure.place};
}

template <class T>
FigureLine line_of(std::string key, const catalog::Figure<T>& figure) {
  return line_of(std::move(key), figure, shown(figure.value));
}

/// Collects the lines of an entry.
class Lines {
 public:
  explicit Lines(CatalogEntry& entry) : entry_(entry) {}

  void fact(std::string key, std::string value) {
    if (!value.empty()) entry_.facts.emplace_back(std::move(key), std::move(value));
  }
  void year(int year) {
    if (year > 0) fact("year", fmt::format("{}", year));
  }
  template <class T>
  void figure(std::string key, const catalog::Figure<T>& figure) {
    entry_.figures.push_back(line_of(std::move(key), figure));
  }
  template <class T>
  void figure(std::string key, const catalog::Known<T>& known) {
    if (known) return figure(std::move(key), *known);
    FigureLine unknown;
    unknown.key = std::move(key);
    unknown.shown = "unknown";
    unknown.unit = unit_of<T>();
    entry_.figures.push_back(std::move(unknown));
  }
  /// Memories are built in powers of two and sold in both: GiB unless the number is round in GB.
  void capacity(std::string key, const catalog::Known<Bytes>& known) {
    figure(std::move(key), known);
    if (!known) return;
    const double gib = known->value / gibibyte;
    if (std::abs(gib - std::round(gib)) < 1e-9) entry_.figures.back().shown = report::human_binary(known->value);
  }
  template <class Money>
  void prices(const std::string& kind, const std::vector<catalog::Price<Money>>& prices) {
    for (const catalog::Price<Money>& price : prices) {
      PriceLine line{line_of(kind, price.figure), value_of(price.low), value_of(price.high), {}, price.date};
      if (price.low < price.high) line.band = fmt::format("{} to {}", shown(price.low), shown(price.high));
      entry_.prices.push_back(std::move(line));
    }
  }

 private:
  CatalogEntry& entry_;
};

template <class T>
CatalogEntry start(std::string kind, const T& thing) {
  CatalogEntry entry;
  entry.kind = std::move(kind);
  entry.name = thing.name;
  entry.title = thing.title;
  entry.notes = thing.notes;
  entry.place = thing.place;
  return entry;
}

template <class Map>
std::vector<CatalogEntry> entries_in(const Map& map) {
  std::vector<CatalogEntry> entries;
  for (const auto& [name, thing] : map) entries.push_back(entry_of(thing));
  return entries;
}

}  // namespace

const FigureLine* CatalogEntry::figure(std::string_view key) const {
  const auto found =
      std::find_if(figures.begin(), figures.end(), [&](const FigureLine& line) { return line.key == key; });
  return found == figures.end() ? nullptr : &*found;
}

std::string CatalogEntry::fact(std::string_view key) const {
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const auto& fact) { return fact.first == key; });
  return found == facts.end() ? "unknown" : found->second;
}

const PriceLine* CatalogEntry::latest_price(std::string_view wanted) const {
  const PriceLine* latest = nullptr;
  const auto dated = [](const PriceLine& line) { return line.date == "undated" ? std::string() : line.date; };
  for (const PriceLine& line : prices) {
    if (line.figure.key == wanted && (latest == nullptr || dated(line) >= dated(*latest))) latest = &line;
  }
  return latest;
}

CatalogEntry entry_of(const catalog::Accelerator& accelerator) {
  CatalogEntry entry = start("accelerator", accelerator);
  Lines lines(entry);
  lines.fact("vendor", accelerator.vendor);
  lines.year(accelerator.year);
  lines.fact("process", accelerator.process);
  lines.fact("class", accelerator.efficiency_class);
  lines.fact("memory.kind", accelerator.memory_kind);
  if (accelerator.pim) lines.fact("pim.memory", accelerator.pim->memory);
  lines.fact("sram.kind", accelerator.sram_kind);
  lines.fact("link.name", accelerator.link);
  lines.fact("link.domain", fmt::format("{}", accelerator.scale_up_ranks));
  for (const auto& [format, figure] : accelerator.compute) {
    lines.figure(fmt::format("compute.{}", number_format_name(format)), figure);
  }
  lines.figure("memory.stacks", accelerator.memory_stacks);
  lines.capacity("memory.capacity", accelerator.memory_capacity);
  lines.figure("memory.bandwidth", accelerator.memory_bandwidth);
  if (accelerator.pim) {
    lines.figure("pim.stacks", accelerator.pim->stacks);
    lines.figure("pim.bandwidth", accelerator.pim->bandwidth);
  }
  lines.figure("sram.capacity", accelerator.sram);
  lines.figure("link.bandwidth", accelerator.link_bandwidth);
  lines.figure("power.design", accelerator.power);
  lines.prices("purchase", accelerator.purchase);
  lines.prices("rent", accelerator.rent);
  return entry;
}

CatalogEntry entry_of(const catalog::Memory& memory) {
  CatalogEntry entry = start("memory", memory);
  Lines lines(entry);
  lines.year(memory.year);
  lines.fact("pim", memory.pim);
  lines.figure("package.pin_rate", memory.pin_rate_gbit_s);
  if (memory.pin_rate_gbit_s) {
    entry.figures.back().shown += " Gbit/s";
    entry.figures.back().unit = "Gbit/s";
  }
  lines.figure("package.io_width", memory.io_width_bits);
  if (memory.io_width_bits) entry.figures.back().unit = "bit";
  lines.capacity("package.capacity", memory.capacity);
  lines.figure("package.bandwidth", memory.bandwidth);
  lines.figure("package.energy", memory.energy);
  lines.prices("price", memory.prices);
  if (memory.price_premium) lines.figure("price_premium.stack", catalog::Known<double>(memory.price_premium->figure));
  return entry;
}

CatalogEntry entry_of(const catalog::Link& link) {
  CatalogEntry entry = start("link", link);
  Lines lines(entry);
  lines.figure("latency", link.latency);
  lines.figure("exchange_latency", link.exchange_latency);
  lines.figure("efficiency", link.efficiency);
  return entry;
}

CatalogEntry entry_of(const catalog::EfficiencyClass& efficiency) {
  CatalogEntry entry = start("class", efficiency);
  Lines lines(entry);
  lines.figure("gemm", efficiency.gemm);
  lines.figure("attention", efficiency.attention);
  lines.figure("expert", efficiency.expert);
  lines.figure("bandwidth", efficiency.bandwidth);
  lines.figure("memory_queue", efficiency.memory_queue);
  lines.figure("tile_rows", efficiency.tile_rows);
  lines.figure("launch", efficiency.launch);
  lines.figure("elementwise_launch", efficiency.elementwise_launch);
  lines.figure("eager_launch", efficiency.eager_launch);
  lines.figure("step_overhead", efficiency.step_overhead);
  lines.figure("sequence_overhead", efficiency.sequence_overhead);
  lines.figure("detokenisation", efficiency.detokenisation);
  lines.figure("memory_reserve", efficiency.memory_reserve);
  return entry;
}

CatalogEntry entry_of(const catalog::Calibration& calibration) {
  CatalogEntry entry = start("calibration", calibration);
  Lines lines(entry);
  lines.fact("of", calibration.of_class ? "class" : "accelerator");
  lines.fact("command", calibration.command);
  for (const auto& [key, fit] : calibration.kernels.all()) {
    const std::string prefix = fmt::format("{}.{}", key.first, key.second);
    lines.fact(prefix + ".error",
               fmt::format("{:.1f} %, left out {:.1f} %, p90 {:.1f} %, of {} points: {}", 100.0 * fit.error,
                           100.0 * fit.left_out, 100.0 * fit.p90, fit.points, fit.range));
    for (std::size_t i = 0; i < fit.values.size(); ++i) {
      const catalog::KernelParameter& parameter = fit.family->parameters[i];
      const std::string name = fmt::format("{}.{}", prefix, parameter.key), note(parameter.meaning);
      if (parameter.is_time) {
        lines.figure(name,
                     catalog::Figure<Seconds>{Seconds::of(fit.values[i]), fit.evidence, fit.source, note, fit.place});
      } else {
        lines.figure(name, catalog::Figure<double>{fit.values[i], fit.evidence, fit.source, note, fit.place});
      }
    }
  }
  return entry;
}

CatalogEntry entry_of(const catalog::Tier& tier) {
  CatalogEntry entry = start("tier", tier);
  Lines lines(entry);
  lines.figure("read_bandwidth", tier.read_bandwidth);
  lines.figure("write_bandwidth", tier.write_bandwidth);
  lines.figure("latency", tier.latency);
  return entry;
}

std::vector<std::string_view> catalog_kinds() {
  return {"accelerators", "memories", "links", "classes", "tiers", "calibrations"};
}

std::vector<CatalogEntry> entries_of(const catalog::Catalog& catalog, std::string_view kind) {
  if (kind == "accelerators") return entries_in(catalog.accelerators());
  if (kind == "memories") return entries_in(catalog.memories());
  if (kind == "links") return entries_in(catalog.links());
  if (kind == "calibrations") return entries_in(catalog.calibrations());
  if (kind == "tiers") return entries_in(catalog.tiers());
  return entries_in(catalog.classes());
}

std::vector<CatalogEntry> entries_named(const catalog::Catalog& catalog, std::string_view name) {
  std::vector<CatalogEntry> entries;
  if (const auto* found = catalog.accelerator(name)) entries.push_back(entry_of(*found));
  if (const auto* found = catalog.memory(name)) entries.push_back(entry_of(*found));
  if (const auto* found = catalog.link(name)) entries.push_back(entry_of(*found));
  if (const auto* found = catalog.efficiency_class(name)) entries.push_back(entry_of(*found));
  if (const auto* found = catalog.calibration(name)) entries.push_back(entry_of(*found));
  if (const auto* found = catalog.tier(name)) entries.push_back(entry_of(*found));
  return entries;
}

}  // namespace plumb::cli

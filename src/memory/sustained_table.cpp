#include "memory/sustained_table.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "catalog/builtin_files.h"
#include "memory/fingerprint.h"
#include "memory/specification_file.h"

namespace plumb::memory {
namespace {

constexpr std::size_t columns = 8;
constexpr std::size_t table_bytes_max = std::size_t{1} << 20;

std::vector<std::string_view> cells_of(std::string_view row) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t comma = row.find(',');
    cells.push_back(row.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    row.remove_prefix(comma + 1);
  }
}

std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The figures of a row, if it is of `demand`.
std::optional<SustainedPoint> point_of(const std::vector<std::string_view>& cells, const Demand& demand) {
  if (cells.size() != columns || cells[2] != demand_name(demand.kind) || number(cells[3]) != demand.parameter)
    return std::nullopt;
  const auto share = number(cells[4]), hits = number(cells[5]), activations = number(cells[6]),
             joules = number(cells[7]);
  if (!share || !hits || !activations || !joules || !(*share > 0.0) || !(*share <= 1.0)) return std::nullopt;
  return SustainedPoint{demand, *share, *hits, *activations, *joules};
}

/// What a specification is called, without what would break a row.
std::string cell_name(const Specification& of) {
  std::string name = of.full_name();
  for (char& c : name)
    if (c == ',' || c == '"' || static_cast<unsigned char>(c) < ' ') c = '_';
  return name;
}

std::string_view builtin_text() {
  for (const catalog::BuiltinFile& file : catalog::builtin_files())
    if (file.path == "catalog/sustained.csv") return file.text;
  return {};
}

std::string row_of(const std::string& key, const std::string& name, const SustainedPoint& p) {
  return fmt::format("{},{},{},{},{:.6g},{:.6g},{:.6g},{:.6g}\n", key, name, demand_name(p.demand.kind),
                     p.demand.parameter, p.share, p.row_hit_share, p.activations_per_byte, p.joules_per_byte);
}

/// The points of one specification that a folder has, and those that are added to it.
class KeptPoints {
 public:
  KeptPoints(Specification specification, const std::string& folder)
      : specification_(std::move(specification)), folder_(folder) {
    if (folder.empty()) return;
    path_ = fmt::format("{}/sustained-{}.csv", folder, fingerprint(specification_));
    if (const Result<std::string> text = read_file(path_, table_bytes_max))
      points_ = find_points(*text, specification_);
  }

  SustainedPoint of(const Demand& demand) {
    const auto at = std::find_if(points_.begin(), points_.end(), [&](const SustainedPoint& p) {
      return p.demand.kind == demand.kind && p.demand.parameter == demand.parameter;
    });
    if (at != points_.end()) return *at;
    points_.push_back(as_kept(measure(specification_, demand)));
    const SustainedPoint point = points_.back();
    keep();
    return point;
  }

  void complete(int jobs) {
    const std::size_t all = measured_demands(specification_).size();
    if (points_.size() == all) return;
    points_.clear();
    const SustainedBandwidth made = measure_all(specification_, jobs);
    for (const SustainedPoint& point : made.points()) points_.push_back(as_kept(point));
    keep();
  }

  const std::vector<SustainedPoint>& points() const { return points_; }

 private:
  /// A new point is read back from its row, so that one that was kept gives the same bytes.
  static SustainedPoint as_kept(const SustainedPoint& point) {
    const std::string row = row_of("", "", point);
    return point_of(cells_of(std::string_view(row).substr(0, row.size() - 1)), point.demand).value();
  }

  void keep() {
    std::sort(points_.begin(), points_.end(), [](const SustainedPoint& a, const SustainedPoint& b) {
      return std::pair(a.demand.kind, a.demand.parameter) < std::pair(b.demand.kind, b.demand.parameter);
    });
    if (path_.empty()) return;
    std::error_code ignored;
    std::filesystem::create_directories(folder_, ignored);
    std::string text(sustained_header());
    for (const SustainedPoint& point : points_)
      text += row_of(fingerprint(specification_), cell_name(specification_), point);
    const Status written = write_file(path_, text);
    (void)written;  // what cannot be kept is measured again next time
  }

  Specification specification_;
  std::string folder_, path_;
  std::vector<SustainedPoint> points_;
};

}  // namespace

std::string_view sustained_header() {
  return "fingerprint,name,demand,parameter,share,row_hit_share,activations_per_byte,joules_per_byte\n";
}

std::string sustained_rows(const Specification& specification, const SustainedBandwidth& table) {
  const std::string key = fingerprint(specification), name = cell_name(specification);
  std::string rows;
  for (const SustainedPoint& point : table.points()) rows += row_of(key, name, point);
  return rows;
}

std::vector<SustainedPoint> find_points(std::string_view text, const Specification& specification) {
  const std::string key = fingerprint(specification) + ",";
  const std::size_t begin = text.find("\n" + key);
  if (begin == std::string_view::npos && !text.starts_with(key)) return {};
  text.remove_prefix(text.starts_with(key) ? 0 : begin + 1);
  std::vector<SustainedPoint> points;
  for (const Demand& demand : measured_demands(specification)) {
    const std::size_t end = text.find('\n');
    if (!text.starts_with(key) || end == std::string_view::npos) break;
    const auto point = point_of(cells_of(text.substr(0, end)), demand);
    if (!point) continue;
    points.push_back(*point);
    text.remove_prefix(end + 1);
  }
  return points;
}

std::optional<SustainedBandwidth> find_sustained(std::string_view text, const Specification& specification) {
  std::vector<SustainedPoint> points = find_points(text, specification);
  if (points.size() != measured_demands(specification).size()) return std::nullopt;
  return SustainedBandwidth(std::move(points));
}

Result<std::vector<Specification>> tabled_specifications(const catalog::Catalog& catalog) {
  std::vector<Specification> all;
  std::set<std::string> known;
  const auto add = [&](Specification specification) {
    if (known.insert(fingerprint(specification)).second) all.push_back(std::move(specification));
  };
  for (const std::string& name : specifications_in_use(catalog)) {
    PLUMB_ASSIGN(const Specification found, find_specification(name, catalog));
    add(found);
    for (const auto& [class_name, efficiency] : catalog.classes()) add(as_run_by(efficiency, found));
  }
  return all;
}

std::string sustained_cache_folder() {
  if (const char* folder = std::getenv("XDG_CACHE_HOME"); folder != nullptr && *folder == '/')
    return std::string(folder) + "/plumb";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.cache/plumb";
  return {};
}

SustainedBandwidth sustained_of(const Specification& specification, const std::string& folder) {
  if (auto table = find_sustained(builtin_text(), specification)) return *std::move(table);
  const auto kept = std::make_shared<KeptPoints>(specification, folder);
  return SustainedBandwidth(measured_demands(specification), [kept](const Demand& demand) { return kept->of(demand); });
}

SustainedBandwidth whole_sustained_of(const Specification& specification, const std::string& folder, int jobs) {
  if (auto table = find_sustained(builtin_text(), specification)) return *std::move(table);
  KeptPoints kept(specification, folder);
  kept.complete(jobs);
  return SustainedBandwidth(kept.points());
}

}  // namespace plumb::memory

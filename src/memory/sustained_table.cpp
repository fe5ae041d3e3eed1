#include "memory/sustained_table.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "catalog/builtin_files.h"
#include "memory/fingerprint.h"

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

/// The point of a row, if it is that of `demand`.
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
  std::string name = of.preset.empty() ? of.name : fmt::format("{}:{}", of.name, of.preset);
  for (char& c : name)
    if (c == ',' || c == '"' || static_cast<unsigned char>(c) < ' ') c = '_';
  return name;
}

std::string_view builtin_text() {
  for (const catalog::BuiltinFile& file : catalog::builtin_files())
    if (file.path == "catalog/sustained.csv") return file.text;
  return {};
}

}  // namespace

std::string_view sustained_header() {
  return "fingerprint,name,demand,parameter,share,row_hit_share,activations_per_byte,joules_per_byte\n";
}

std::string sustained_rows(const Specification& specification, const SustainedBandwidth& table) {
  const std::string name = cell_name(specification);
  const std::string key = fingerprint(specification);
  std::string rows;
  // A new table is read back from these rows, so that one that was kept gives the same bytes.
  for (const SustainedPoint& p : table.points())
    rows += fmt::format("{},{},{},{},{:.6g},{:.6g},{:.6g},{:.6g}\n", key, name, demand_name(p.demand.kind),
                        p.demand.parameter, p.share, p.row_hit_share, p.activations_per_byte, p.joules_per_byte);
  return rows;
}

std::optional<SustainedBandwidth> find_sustained(std::string_view text, const Specification& specification) {
  const std::string key = fingerprint(specification) + ",";
  const std::size_t begin = text.find(key);
  if (begin == std::string_view::npos || (begin > 0 && text[begin - 1] != '\n')) return std::nullopt;
  text.remove_prefix(begin);
  std::vector<SustainedPoint> points;
  for (const Demand& demand : measured_demands(specification)) {
    if (!text.starts_with(key)) return std::nullopt;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto point = point_of(cells_of(text.substr(0, end)), demand);
    if (!point) return std::nullopt;
    points.push_back(*point);
    text.remove_prefix(end + 1);
  }
  return SustainedBandwidth(std::move(points));
}

std::string sustained_cache_folder() {
  if (const char* folder = std::getenv("XDG_CACHE_HOME"); folder != nullptr && *folder == '/')
    return std::string(folder) + "/plumb";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.cache/plumb";
  return {};
}

SustainedBandwidth sustained_of(const Specification& specification, const std::string& folder, int jobs) {
  if (auto table = find_sustained(builtin_text(), specification)) return *std::move(table);
  const std::string path =
      folder.empty() ? std::string() : folder + "/sustained-" + fingerprint(specification) + ".csv";
  if (!path.empty())
    if (const Result<std::string> text = read_file(path, table_bytes_max))
      if (auto table = find_sustained(*text, specification)) return *std::move(table);
  const std::string rows = sustained_rows(specification, measure_all(specification, jobs));
  if (!path.empty()) {
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const Status kept = write_file(path, std::string(sustained_header()) + rows);
    (void)kept;  // a cache that cannot be written is measured again next time
  }
  return find_sustained(rows, specification).value();
}

}  // namespace plumb::memory

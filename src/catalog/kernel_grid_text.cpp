// Grids as text.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "catalog/kernel_grid.h"

namespace plumb::catalog {
namespace {

constexpr double step = 0.01;  ///< of the values
constexpr std::size_t sizes_max = 256;
constexpr std::size_t points_max = 1 << 20;

/// The part of `rest` before the next `end`, which is taken away with it.
std::string_view take(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// "m:1 2 4"
std::optional<KernelGrid::Axis> axis_of(std::string_view text) {
  KernelGrid::Axis axis;
  axis.name = take(text, ':');
  while (!text.empty()) {
    const std::optional<double> size = number(take(text, ' '));
    if (!size || *size <= (axis.sizes.empty() ? 0.0 : axis.sizes.back()) || axis.sizes.size() == sizes_max)
      return std::nullopt;
    axis.sizes.push_back(*size);
  }
  if (axis.name.empty() || axis.sizes.empty()) return std::nullopt;
  return axis;
}

class GridsParser {
 public:
  GridsParser(std::string_view text, const std::string& path) : rest_(text), path_(path) {}

  Result<KernelGrids> parse() {
    KernelGrids grids;
    while (!rest_.empty()) {
      const std::string_view line = next();
      if (line.empty() || line.front() == '#') continue;
      PLUMB_TRY(take_grid(line, grids));
    }
    return grids;
  }

 private:
  Status take_grid(std::string_view header, KernelGrids& grids) {
    constexpr std::string_view expected = "grid,FAMILY,FORMAT,name:sizes ascending,name:sizes,name:sizes";
    if (take(header, ',') != "grid") return fail(error("no header of a grid", expected));
    std::string family(take(header, ',')), format(take(header, ','));
    std::vector<KernelGrid::Axis> axes;
    std::size_t points = 1;
    while (!header.empty()) {
      std::optional<KernelGrid::Axis> axis = axis_of(take(header, ','));
      if (!axis) return fail(error("no axis of a grid", expected));
      points *= axis->sizes.size();
      axes.push_back(*std::move(axis));
    }
    if (family.empty() || format.empty() || axes.size() != 3 || points > points_max)
      return fail(error("no header of a grid", expected));
    KernelGrid grid(std::move(axes));
    for (std::size_t i = 0; i < grid.axes()[0].sizes.size(); ++i) {
      for (std::size_t j = 0; j < grid.axes()[1].sizes.size(); ++j) PLUMB_TRY(take_row(grid, i, j));
    }
    grids.put(std::move(family), std::move(format), std::move(grid));
    return {};
  }

  Status take_row(KernelGrid& grid, std::size_t i, std::size_t j) {
    const std::size_t columns = grid.axes()[2].sizes.size();
    if (rest_.empty()) return fail(error("the text ends within a grid", "a line for each pair of its first sizes"));
    std::string_view line = next();
    if (static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1 != columns)
      return fail(error("a line with another number of values", fmt::format("{} values", columns)));
    for (std::size_t k = 0; k < columns; ++k) {
      const std::string_view field = take(line, ',');
      if (field.empty()) continue;
      const std::optional<double> value = number(field);
      if (!value || std::abs(*value) > 1000.0)
        return fail(error("no value of a grid", "a number of hundredths from -1000 to 1000, or nothing"));
      grid.value(i, j, k) = step * *value;
    }
    return {};
  }

  std::string_view next() {
    ++line_;
    std::string_view line = take(rest_, '\n');
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
  }

  Error error(std::string message, std::string_view expected) const {
    return input_error({path_, line_, 0}, std::move(message), std::string(expected));
  }

  std::string_view rest_;
  const std::string& path_;
  int line_ = 0;
};

}  // namespace

Result<KernelGrids> KernelGrids::parse(std::string_view text, const std::string& path) {
  return GridsParser(text, path).parse();
}

std::string KernelGrids::text() const {
  std::string text;
  for (const auto& [key, grid] : grids_) {
    text += fmt::format("grid,{},{}", key.first, key.second);
    for (const KernelGrid::Axis& axis : grid.axes())
      text += fmt::format(",{}:{}", axis.name, fmt::join(axis.sizes, " "));
    text += '\n';
    for (std::size_t i = 0; i < grid.axes()[0].sizes.size(); ++i) {
      for (std::size_t j = 0; j < grid.axes()[1].sizes.size(); ++j) {
        for (std::size_t k = 0; k < grid.axes()[2].sizes.size(); ++k) {
          if (k > 0) text += ',';
          const double value = grid.value(i, j, k);
          if (!std::isnan(value)) text += fmt::format("{}", std::lround(value / step));
        }
        text += '\n';
      }
    }
  }
  return text;
}

}  // namespace plumb::catalog

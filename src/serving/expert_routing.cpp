#include "serving/expert_routing.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

#include "base/line_reader.h"
#include "serving/deployment_file.h"
#include "workload/csv.h"

namespace plumb::serving {
namespace {

using Placement = model::ExpertRouting::Placement;

constexpr std::int64_t experts_max = 8192;  // as in a config.json
constexpr double zipf_exponent_max = 10.0;

/// Errors of a line's text know their column only.
Error in_line(Error error, const LineReader& lines) {
  error.place = lines.place(error.place.column);
  return error;
}

class LoadTable {
 public:
  [[nodiscard]] Status header(const workload::CsvLine& line, const LineReader& lines) {
    const auto expert = line.find({"expert"}), load = line.find({"load"});
    if (!expert || !load) {
      return fail(input_error(lines.place(1), "no header with \"expert\" and \"load\"", "expert,load"));
    }
    expert_ = *expert;
    load_ = *load;
    return {};
  }

  [[nodiscard]] Status row(const workload::CsvLine& line, const LineReader& lines) {
    if (line.size() <= std::max(expert_, load_)) {
      return fail(input_error(lines.place(1), "the line ends before its expert and load"));
    }
    const auto number = workload::parse_whole(line.field(expert_));
    if (!number || *number < 0 || *number >= experts_max) {
      return fail(input_error(lines.place(line.column(expert_)),
                              fmt::format("{} is no number of an expert", workload::quoted(line.field(expert_))),
                              fmt::format("0 to {}", experts_max - 1)));
    }
    const auto load = workload::parse_number(line.field(load_));
    if (!load || *load < 0.0 || *load > 1e18) {
      return fail(input_error(lines.place(line.column(load_)),
                              fmt::format("{} is no load", workload::quoted(line.field(load_))),
                              "a share or a count of tokens, 0 or more"));
    }
    const auto index = static_cast<std::size_t>(*number);
    if (index >= loads_.size()) loads_.resize(index + 1, -1.0);
    if (loads_[index] >= 0.0) {
      return fail(input_error(lines.place(line.column(expert_)), fmt::format("expert {} is given twice", index)));
    }
    loads_[index] = *load;
    return {};
  }

  [[nodiscard]] Result<std::vector<double>> loads(const LineReader& lines) const {
    for (std::size_t i = 0; i < loads_.size(); ++i) {
      if (loads_[i] < 0.0) return fail(input_error({lines.path()}, fmt::format("expert {} has no line", i)));
    }
    if (std::accumulate(loads_.begin(), loads_.end(), 0.0) <= 0.0) {
      return fail(input_error({lines.path()}, "no expert has a load", "at least one above 0"));
    }
    return loads_;
  }

 private:
  std::size_t expert_ = 0, load_ = 0;
  std::vector<double> loads_;  ///< negative where not yet given
};

/// Where experts lie if the table does not say: Zipf's numbering is by load, which no checkpoint's is, so as numbered
/// would be the worst of all placements.
Placement usual_placement(const model::ExpertRouting& routing) {
  if (routing.redundant_experts > 0) return Placement::balanced;
  return routing.shares.empty() ? Placement::round_robin : Placement::linear;
}

}  // namespace

Result<std::vector<double>> read_expert_loads(const std::string& path) {
  PLUMB_ASSIGN(LineReader lines, LineReader::open(path, std::size_t{1} << 16));
  LoadTable table;
  workload::CsvLine line;
  std::string_view text;
  for (bool first = true;; first = false) {
    PLUMB_ASSIGN(const bool more, lines.next(text));
    if (!more) return table.loads(lines);
    if (text.empty()) continue;
    if (Status split = line.split(text); !split) return fail(in_line(std::move(split).error(), lines));
    PLUMB_TRY(first ? table.header(line, lines) : table.row(line, lines));
  }
}

Result<std::shared_ptr<const model::ExpertRouting>> read_expert_routing(Reader& table, const std::string& folder) {
  static constexpr std::array<std::string_view, 1> words{"uniform"};
  // In the order of ExpertRouting::Placement.
  static constexpr std::array<std::string_view, 3> placements{"linear", "round_robin", "balanced"};
  model::ExpertRouting routing;
  if (table.kind("routing") == NodeKind::table) {
    Reader form = table.table("routing");
    if (form.has("file")) {
      const std::string file = form.text("file");
      auto loads = read_expert_loads(file.starts_with('/') ? file : folder + file);
      if (!loads) return fail(at_key(std::move(loads).error(), form, "file"));
      routing.shares = std::move(*loads);
    } else {
      routing.zipf_exponent = form.number("zipf", {0.0, zipf_exponent_max});
    }
  } else {
    table.choice("routing", words, 0);
  }
  static constexpr std::array<std::string_view, 2> choices{"mean", "drawn"};
  routing.drawn = table.choice("choices", choices, 0) == 1;
  const Range redundant{0.0, static_cast<double>(experts_max)};
  routing.redundant_experts = table.integer_if("redundant_experts", redundant).value_or(0);
  const auto usual = static_cast<std::size_t>(usual_placement(routing));
  routing.placement = static_cast<Placement>(table.choice("placement", placements, usual));
  if (routing.redundant_experts > 0 && routing.placement != Placement::balanced) {
    table.reject("placement", "redundant experts are placed by load", "placement = \"balanced\"");
  }
  return std::make_shared<const model::ExpertRouting>(std::move(routing));
}

}  // namespace plumb::serving

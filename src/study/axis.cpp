#include "study/axis.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/number_text.h"
#include "report/text.h"

namespace plumb::study {
namespace {

constexpr double exact_max = 9007199254740992.0;  // 2^53: integers up to it are told apart

/// A number of the study, with the unit around it.
std::optional<NumberText> number_of(const Node& node) {
  if (node.kind == NodeKind::integer || node.kind == NodeKind::number) {
    return std::isfinite(node.number) ? std::optional(NumberText{{}, node.number, {}}) : std::nullopt;
  }
  return node.kind == NodeKind::string ? split_number(node.string) : std::nullopt;
}

bool same_unit(const NumberText& a, const NumberText& b) { return a.before == b.before && a.after == b.after; }

/// Digits beyond these are what rounding has left: 10 as the middle of 1 and 100 is 10, and not 10.000000000000002.
double without_noise(double value) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  return std::stod(fmt::format("{:.13g}", value));
}

/// The ends of a range and how it is walked.
struct Span {
  Node from_node, to_node;
  NumberText from, to;
};

std::optional<Span> read_span(Reader& table, const Node& node) {
  Span span;
  for (const std::string_view key : {"from", "to"}) {
    table.allow(key);
    const Node* end = node.find(key);
    if (end == nullptr) {
      table.reject(key, fmt::format("\"{}\" is missing", key), "values = [...], or from and to");
      return std::nullopt;
    }
    const std::optional<NumberText> number = number_of(*end);
    if (!number) {
      table.reject(key, fmt::format("\"{}\" is {}", key, kind_name(end->kind)),
                   "a number, or a quantity such as \"3350 GB/s\"");
      return std::nullopt;
    }
    (key == "from" ? span.from : span.to) = *number;
    (key == "from" ? span.from_node : span.to_node) = *end;
  }
  if (!same_unit(span.from, span.to)) {
    table.reject("to",
                 fmt::format("\"to\" is {} and \"from\" is {}", in_quotes(value_text(span.to_node)),
                             in_quotes(value_text(span.from_node))),
                 "one unit for both");
    return std::nullopt;
  }
  return span;
}

/// How many values lie from `from` to `to` where `steps` of them, perhaps not a whole number, do; both ends must.
std::optional<std::size_t> whole_steps(Reader& table, std::string_view key, double steps) {
  const double rounded = std::round(steps);
  constexpr double tolerance = 1e-9;
  if (!(rounded >= 0.0) || rounded >= static_cast<double>(axis_values_max)) {
    table.reject(key,
                 fmt::format("\"{}\" does not lead from \"from\" to \"to\" in {} values or less", key, axis_values_max),
                 "another one");
    return std::nullopt;
  }
  if (std::abs(steps - rounded) > tolerance * std::max(1.0, rounded)) {
    table.reject(key, fmt::format("\"{}\" leads from \"from\" to \"to\" in {:.6g} steps", key, steps),
                 "a whole number of them, or \"count\" in its place");
    return std::nullopt;
  }
  return static_cast<std::size_t>(rounded) + 1;
}

/// `step`, in the unit of the ends.
std::optional<double> read_step(Reader& table, const Node& node, const Span& span) {
  table.allow("step");
  const Node* step = node.find("step");
  const std::optional<NumberText> number = number_of(*step);
  const bool plain = number && number->before.empty() && number->after.empty();
  if (!number || number->number == 0.0 || !(plain || same_unit(*number, span.from))) {
    table.reject("step", fmt::format("\"step\" is {}", in_quotes(value_text(*step))),
                 "a number other than 0, in the unit of \"from\"");
    return std::nullopt;
  }
  return number->number;
}

struct Walk {
  std::size_t count = 0;
  bool log = false;
};

std::optional<Walk> read_walk(Reader& table, const Node& node, const Span& span) {
  const bool step = table.has("step"), ratio = table.has("ratio"), count = table.has("count");
  const double from = span.from.number, to = span.to.number;
  Walk walk;
  walk.log = table.boolean_if("log").value_or(ratio);
  if (static_cast<int>(step) + static_cast<int>(ratio) + static_cast<int>(count) != 1) {
    table.reject(step    ? "step"
                 : ratio ? "ratio"
                 : count ? "count"
                         : "from",
                 "a range says by one of \"step\", \"ratio\" and \"count\" how it is walked", "one of the three");
    return std::nullopt;
  }
  if (walk.log && (step || from <= 0.0 || to <= 0.0)) {
    table.reject(step ? "step" : "from",
                 step ? "\"step\" stands beside \"log\""
                      : "a range by ratios has an end at or "
                        "below 0",
                 step ? "\"ratio\" or \"count\" in its place" : "two positive ends");
    return std::nullopt;
  }
  std::optional<std::size_t> values;
  if (step) {
    const std::optional<double> size = read_step(table, node, span);
    if (size) values = whole_steps(table, "step", (to - from) / *size);
  } else if (ratio) {
    const double size = table.number("ratio", positive);
    if (!table.ok()) return std::nullopt;
    if (from == to) {
      values = 1;
    } else {
      values = whole_steps(table, "ratio", std::log(to / from) / std::log(size));
    }
  } else {
    constexpr Range counts{1.0, static_cast<double>(axis_values_max)};
    values = static_cast<std::size_t>(table.integer("count", counts));
    if (table.ok() && *values == 1 && from != to) table.reject("count", "\"count\" is 1", "2 or more: both ends count");
  }
  if (!values || !table.ok()) return std::nullopt;
  walk.count = *values;
  return walk;
}

std::vector<Node> walked(const Span& span, const Walk& walk) {
  const double from = span.from.number, to = span.to.number;
  const bool whole = span.from_node.kind == NodeKind::integer && span.to_node.kind == NodeKind::integer;
  std::vector<Node> values;
  for (std::size_t i = 0; i < walk.count; ++i) {
    Node node = i == 0 ? span.from_node : span.to_node;
    if (i > 0 && i + 1 < walk.count) {
      const double share = static_cast<double>(i) / static_cast<double>(walk.count - 1);
      const double value = without_noise(walk.log ? from * std::pow(to / from, share) : from + (to - from) * share);
      node.number = value;
      node.kind = NodeKind::number;
      if (whole && std::floor(value) == value && std::abs(value) <= exact_max) {
        node.kind = NodeKind::integer;
        node.integer = static_cast<std::int64_t>(value);
      }
      if (span.from_node.kind == NodeKind::string) {
        node.kind = NodeKind::string;
        node.string = span.from.with(value);
      }
    }
    node.line = span.from_node.line;
    node.column = span.from_node.column;
    values.push_back(std::move(node));
  }
  return values;
}

std::vector<Node> read_values(Reader& table, const Node& node) {
  if (!table.has("values")) {
    const std::optional<Span> span = read_span(table, node);
    const std::optional<Walk> walk = span ? read_walk(table, node, *span) : std::nullopt;
    return walk ? walked(*span, *walk) : std::vector<Node>{};
  }
  table.allow("values");
  const Node& list = *node.find("values");
  for (const std::string_view key : {"from", "to", "step", "ratio", "count", "log"}) {
    if (table.has(key)) table.reject(key, fmt::format("\"{}\" stands beside \"values\"", key), "one of the two");
  }
  if (list.kind != NodeKind::array || list.items.empty() || list.items.size() > axis_values_max) {
    table.reject("values",
                 list.kind == NodeKind::array ? fmt::format("\"values\" has {} values", list.items.size())
                                              : fmt::format("\"values\" is {}", kind_name(list.kind)),
                 fmt::format("a list of 1 to {} values", axis_values_max));
    return {};
  }
  return list.items;
}

void check_factors(Reader& table, const Axis& axis) {
  for (const Node& value : axis.values) {
    if (value.kind == NodeKind::integer || value.kind == NodeKind::number) continue;
    table.reject("multiply", fmt::format("{} is no factor", in_quotes(value_text(value))), "plain numbers");
    return;
  }
}

void read_labels(Reader& table, Axis& axis) {
  axis.labels = table.texts("labels");
  if (!axis.labels.empty() && axis.labels.size() != axis.values.size()) {
    table.reject("labels", fmt::format("{} labels for {} values", axis.labels.size(), axis.values.size()),
                 "one for each value");
  }
  if (axis.labels.empty()) {
    for (const Node& value : axis.values) axis.labels.push_back(value_text(value));
  }
  for (std::string& label : axis.labels) label = report::printable(label);  // a row of a table is one line
}

void read_with(Reader& table, const std::vector<Axis>& before, Axis& axis) {
  const std::optional<std::string> name = table.text_if("with");
  if (!name) return;
  const auto found = std::find_if(before.begin(), before.end(), [&](const Axis& one) { return one.name == *name; });
  if (found == before.end()) {
    table.reject("with", fmt::format("no axis named {} stands above", in_quotes(*name)), "the name of one that does");
    return;
  }
  axis.with = found->with.value_or(static_cast<std::size_t>(found - before.begin()));
  if (table.ok() && found->values.size() != axis.values.size()) {
    table.reject("with",
                 fmt::format("\"{}\" has {} values and \"{}\", which it moves with, {}", axis.name, axis.values.size(),
                             found->name, found->values.size()),
                 "equally many");
  }
}

std::string quoted_json(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string json_text(const Node& node) {
  return node.kind == NodeKind::string ? quoted_json(node.string) : value_text(node);
}

}  // namespace

std::string value_text(const Node& node) {
  std::string text;
  switch (node.kind) {
    case NodeKind::null: return "null";
    case NodeKind::boolean: return node.boolean ? "true" : "false";
    case NodeKind::integer: return fmt::format("{}", node.integer);
    case NodeKind::number: return fmt::format("{}", node.number);
    case NodeKind::string: return node.string;
    case NodeKind::array:
      for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + json_text(item);
      return "[" + text + "]";
    case NodeKind::table:
      for (const Node::Member& member : node.members) {
        text += (text.empty() ? "" : ", ") + quoted_json(member.key) + ": " + json_text(member.value);
      }
      return "{" + text + "}";
  }
  return text;
}

std::optional<double> Axis::number(std::size_t index) const {
  const std::optional<NumberText> found = number_of(values[index]);
  return found ? std::optional(found->number) : std::nullopt;
}

bool Axis::numeric() const {
  const std::optional<NumberText> first = values.empty() ? std::nullopt : number_of(values.front());
  if (!first) return false;
  // A name with a number in it, as "h100-sxm", is no quantity: a unit stands apart, or is money.
  const bool a_name = values.front().kind == NodeKind::string && !first->after.starts_with(' ') && first->before != "$";
  if (a_name) return false;
  return std::all_of(values.begin(), values.end(), [&](const Node& value) {
    const std::optional<NumberText> number = number_of(value);
    return number && same_unit(*number, *first);
  });
}

std::string Axis::unit() const {
  const std::optional<NumberText> first = values.empty() ? std::nullopt : number_of(values.front());
  if (!first) return {};
  const std::string unit = first->before + first->after;
  const std::size_t begin = unit.find_first_not_of(' ');
  return begin == std::string::npos ? std::string() : unit.substr(begin);
}

Axis read_axis(Reader& table, const Node& node, const std::vector<Axis>& before) {
  Axis axis;
  axis.keys = table.texts("key");
  if (axis.keys.empty()) table.reject("key", "\"key\" is missing", "key = \"engine.max_num_seqs\"");
  axis.name = table.text_if("name").value_or(axis.keys.empty() ? "" : axis.keys.front());
  axis.values = read_values(table, node);
  axis.multiply = table.boolean_if("multiply").value_or(false);
  if (axis.multiply) check_factors(table, axis);
  read_labels(table, axis);
  read_with(table, before, axis);
  return axis;
}

}  // namespace plumb::study

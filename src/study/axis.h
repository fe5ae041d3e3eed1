#pragma once
// An axis of a study: a key of some file and the values that it takes, one after the other. docs/sweep.md describes
// [[axis]].
//
//   values = [1, 2, 4]                                 as they stand, of any kind
//   from = "1 TB/s"   to = "8 TB/s"   count = 8        evenly spaced, both ends included; log = true: by their ratio
//   from = 1          to = 64         ratio = 2        each so many times the one before; step = 2: so much more
//
// The ends of a range are exactly what is written. Where both ends are integers, values that are whole are integers.
// With multiply = true the values are factors of what the file has.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/reader.h"

namespace plumb::study {

/// More values than this are refused.
inline constexpr std::size_t axis_values_max = 100'000;

struct Axis {
  std::string name;                 ///< of its column
  std::vector<std::string> keys;    ///< every one of them takes the value: "deployment.engine.max_num_seqs"
  std::vector<Node> values;         ///< with their places in the study
  std::vector<std::string> labels;  ///< one for each value, as tables and plots show it
  bool multiply = false;
  std::optional<std::size_t> with;  ///< the axis that it moves with, which comes before it and has none itself

  /// The value as a number, with a quantity's in its own unit; nothing for other texts, tables, lists and booleans.
  std::optional<double> number(std::size_t index) const;
  /// Whether every value is a number of one unit, so that the axis can be drawn as one.
  bool numeric() const;
  /// What stands around the numbers of a numeric axis: "TB/s"; empty where there is nothing.
  std::string unit() const;
};

/// Reads one [[axis]]; `node` is the table that `table` reads, `before` the axes above it. What is wrong is kept by the
/// reader.
Axis read_axis(Reader& table, const Node& node, const std::vector<Axis>& before);

/// A value as a text: a string itself, a number in the shortest digits, a list or a table as JSON has it.
std::string value_text(const Node& node);

}  // namespace plumb::study

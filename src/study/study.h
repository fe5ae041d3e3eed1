#pragma once
// A study: a base file, axes that vary keys of it, of the catalog, of a model's config.json or of the command's
// options, and what is asked of each point. docs/sweep.md describes the file.
//
// Points are numbered from 1, the last axis moving fastest, so that any of them can be run alone, anywhere.
// Thread rule: immutable once read.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/document_edit.h"
#include "base/result.h"
#include "study/axis.h"
#include "study/point_kind.h"

namespace plumb::study {

/// More points than this are refused.
inline constexpr std::size_t points_max = 1'000'000;

/// The file that a key is of, and the key in it.
struct Target {
  std::string subject;  ///< "base", "model", "options", or an entry of the catalog such as "memories/hbm3"
  std::vector<std::string> path;
};

struct Study {
  explicit Study(Document text) : document(std::move(text)) {}

  Document document;
  std::string title;
  std::string base;                   ///< path of the base file, or a memory of the catalog
  std::string base_entry;             ///< of the latter the subject of its file, "memories/hbm3"; else empty
  const PointKind* kind = nullptr;    ///< of the table that was given to read_study()
  std::string catalog_folder;         ///< empty: the program's own catalog alone
  std::vector<Node::Member> options;  ///< that are the same at all points
  std::vector<Axis> axes;
  std::vector<std::vector<Target>> targets;                ///< of each axis, one for each of its keys
  std::vector<std::shared_ptr<const EditOrigin>> origins;  ///< of each axis
  std::vector<Column> columns;
  std::vector<Objective> objectives;
  std::optional<std::size_t> series;  ///< the axis whose values plots tell apart
  std::optional<std::size_t> each;    ///< the axis whose every value has a Pareto front of its own

  /// How many points there are.
  std::size_t points() const;
  /// The position on each axis of a point, which counts from 0 here.
  std::vector<std::size_t> positions(std::size_t point) const;
};

/// Everything that a point changes.
struct PointEdits {
  DocumentEdits edits;  ///< of "base", "model" and entries of the catalog
  OptionValues options;
};

/// `positions` are those of Study::positions(), or any others on the axes.
PointEdits edits_at(const Study& study, std::span<const std::size_t> positions);

/// Reads a study whose command is one of `kinds`, which must outlive it. No other file is opened.
[[nodiscard]] Result<Study> read_study(const Document& document, std::span<const PointKind> kinds);

/// The path that a name in the study's text means.
std::string path_beside(const Study& study, const std::string& name);

}  // namespace plumb::study

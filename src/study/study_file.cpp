// Reads a study file.

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/reader.h"
#include "study/study.h"

namespace plumb::study {
namespace {

/// Names that every table of rows has beside those of the axes and columns.
constexpr std::array<std::string_view, 6> own_columns{"point", "status", "evidence", "pareto", "reason", "inputs"};

struct CatalogRoot {
  std::string_view word, folder;
};
constexpr std::array<CatalogRoot, 5> catalog_roots{{{"accelerator", "accelerators"},
                                                    {"memory", "memories"},
                                                    {"link", "links"},
                                                    {"class", "classes"},
                                                    {"tier", "tiers"}}};

/// The subject of a base that is no file but a memory of the catalog: "hbm3:5200" is of "memories/hbm3".
std::string entry_of_base(const std::string& base, const PointKind& kind) {
  const bool is_file = base.find('/') != std::string::npos || base.ends_with(".toml");
  return is_file || !kind.base_is_memory ? std::string() : fmt::format("memories/{}", base.substr(0, base.find(':')));
}

/// What a key is of. A first part that names no kind of file is a key of the base.
Target target_of(std::vector<std::string> path, const Study& study) {
  const PointKind& kind = *study.kind;
  const std::string first = path.front(), base_subject = study.base_entry.empty() ? "base" : study.base_entry;
  const auto rest = [&](std::ptrdiff_t from) { return std::vector(path.begin() + from, path.end()); };
  if (path.size() == 2 && first == "options") return {"options", rest(1)};
  const bool base = std::find(kind.bases.begin(), kind.bases.end(), first) != kind.bases.end();
  if (path.size() >= 2 && base) return {base_subject, rest(1)};
  if (path.size() >= 2 && first == "model") return {"model", rest(1)};
  for (const CatalogRoot& root : catalog_roots) {
    if (path.size() >= 3 && first == root.word) return {fmt::format("{}/{}", root.folder, path[1]), rest(2)};
  }
  return {base_subject, std::move(path)};
}

void check_option(Reader& table, std::string_view key, const std::string& name, const PointKind& kind) {
  std::vector<std::string> names;
  for (const OptionName& option : kind.options) names.emplace_back(option.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string near = nearest_word(name, names);
  table.reject(key, fmt::format("{} has no option {}", kind.name, in_quotes(name)),
               near.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : fmt::format("perhaps \"{}\"", near));
}

const PointKind* read_kind(Reader& table, std::span<const PointKind> kinds) {
  std::vector<std::string_view> names;
  for (const PointKind& kind : kinds) names.push_back(kind.name);
  table.text("command");
  const std::size_t chosen = table.choice("command", names, names.size());
  return chosen < kinds.size() ? &kinds[chosen] : nullptr;
}

void read_options(Reader& root, Study& study) {
  std::optional<Reader> table = root.table_if("options");
  if (!table) return;
  for (const Node::Member& option : study.document.root().find("options")->members) {
    table->allow(option.key);
    check_option(*table, option.key, option.key, *study.kind);
    const NodeKind kind = option.value.kind;
    if (kind == NodeKind::array || kind == NodeKind::table) {
      table->reject(option.key, fmt::format("\"{}\" is {}", option.key, kind_name(kind)), "a number or a text");
    }
    study.options.push_back(option);
  }
}

/// What each key of the axis is of.
std::vector<Target> targets_of(Reader& table, const Axis& axis, const Study& study) {
  std::vector<Target> targets;
  for (const std::string& key : axis.keys) {
    auto path = parse_key_path(key);
    if (!path) {
      table.reject("key", path.error().message, path.error().expected);
      return {};
    }
    targets.push_back(target_of(std::move(*path), study));
    if (targets.back().subject != "options") continue;
    check_option(table, "key", targets.back().path.front(), *study.kind);
    if (axis.multiply) table.reject("multiply", "an option has nothing to multiply", "its values themselves");
  }
  return targets;
}

/// The node of one of the tables of a list, which may be a single table.
const Node& table_at(const Document& document, std::string_view key, std::size_t index) {
  const Node* list = document.root().find(key);
  return list->kind == NodeKind::array ? list->items[index] : *list;
}

void read_axes(Reader& root, Study& study) {
  std::vector<Reader> tables = root.tables("axis");
  if (tables.empty() && root.ok()) root.reject("axis", "the study varies nothing", "a table [[axis]]");
  std::set<std::string, std::less<>> names(own_columns.begin(), own_columns.end());
  std::size_t points = 1;
  for (std::size_t i = 0; i < tables.size() && root.ok(); ++i) {
    Reader& table = tables[i];
    Axis axis = read_axis(table, table_at(study.document, "axis", i), study.axes);
    if (!root.ok()) return;
    if (axis.name.empty() || !names.insert(axis.name).second) {
      table.reject(table.has("name") ? "name" : "key", fmt::format("the name {} is taken", in_quotes(axis.name)),
                   "a name of its own: name = \"...\"");
    }
    if (!axis.with) points *= axis.values.size();
    if (points > points_max)
      table.reject("key", "the study has too many points", fmt::format("at most {}", points_max));
    study.targets.push_back(targets_of(table, axis, study));
    study.origins.push_back(
        std::make_shared<const EditOrigin>(EditOrigin{study.document, fmt::format("axis \"{}\"", axis.name)}));
    study.axes.push_back(std::move(axis));
  }
}

bool is_axis(const Study& study, const std::string& name) {
  return std::any_of(study.axes.begin(), study.axes.end(), [&](const Axis& axis) { return axis.name == name; });
}

bool numeric_axis(const Study& study, const std::string& name) {
  return std::any_of(study.axes.begin(), study.axes.end(),
                     [&](const Axis& axis) { return axis.name == name && axis.numeric(); });
}

const Column* column_of(const Study& study, std::string_view name) {
  const auto found = std::find_if(study.columns.begin(), study.columns.end(),
                                  [&](const Column& column) { return column.name == name; });
  return found == study.columns.end() ? nullptr : &*found;
}

/// One member of [columns]: a place in the result, or a table with it.
Column read_column(Reader& table, const std::string& name) {
  Column column{name, {}, name, {}};
  if (table.kind(name) == NodeKind::table) {
    Reader entry = table.table(name);
    column.figure = entry.text("figure");
    column.title = entry.text_if("title").value_or(name);
    column.unit = entry.text_if("unit").value_or("");
  } else {
    column.figure = table.text(name);
  }
  if (table.ok()) {
    if (const auto path = parse_key_path(column.figure); !path) {
      table.reject(name, path.error().message, "the place of a figure in the result, such as plumb.busy_share");
    }
  }
  return column;
}

/// The kind's own columns, then those of the study; one that an axis tells already is left out.
void read_columns(Reader& root, Study& study) {
  std::optional<Reader> table = root.table_if("columns");
  for (const Column& column : study.kind->columns) {
    const bool replaced = table && table->has(column.name);
    if (!is_axis(study, column.name) && !replaced) study.columns.push_back(column);
  }
  if (!table) return;
  for (const std::string& name : table->keys()) {
    Column column = read_column(*table, name);
    const bool taken =
        is_axis(study, name) || std::find(own_columns.begin(), own_columns.end(), name) != own_columns.end();
    if (taken || name.empty())
      table->reject(name, fmt::format("the name {} is taken", in_quotes(name)), "another name");
    study.columns.push_back(std::move(column));
  }
}

void read_objectives(Reader& root, Study& study) {
  for (Reader& table : root.tables("objective")) {
    const bool maximise = table.has("maximise");
    const std::string_view key = maximise ? "maximise" : "minimise";
    if (maximise == table.has("minimise")) {
      table.reject(key, "an objective says what is best", "minimise = \"COLUMN\" or maximise = \"COLUMN\"");
      return;
    }
    Objective objective{table.text(key), maximise};
    if (table.ok() && column_of(study, objective.column) == nullptr && !numeric_axis(study, objective.column)) {
      std::vector<std::string> names;
      for (const Axis& axis : study.axes) {
        if (axis.numeric()) names.push_back(axis.name);
      }
      for (const Column& column : study.columns) names.push_back(column.name);
      const std::string near = nearest_word(objective.column, names);
      table.reject(
          key, fmt::format("no column and no axis of numbers is named {}", in_quotes(objective.column)),
          near.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : fmt::format("perhaps \"{}\"", near));
    }
    study.objectives.push_back(std::move(objective));
  }
  if (!study.objectives.empty()) return;
  for (const Objective& objective : study.kind->objectives) {
    if (column_of(study, objective.column) != nullptr) study.objectives.push_back(objective);
  }
}

/// The axis that a key of [study] names.
std::optional<std::size_t> read_axis_name(Reader& table, std::string_view key, const Study& study) {
  const std::optional<std::string> name = table.text_if(key);
  if (!name) return std::nullopt;
  for (std::size_t i = 0; i < study.axes.size(); ++i) {
    if (study.axes[i].name == *name) return i;
  }
  table.reject(key, fmt::format("no axis is named {}", in_quotes(*name)), "the name of an axis");
  return std::nullopt;
}

/// The axis that tells series of plots apart: the one named, else the first that is no number, else the first.
void read_series(Reader& table, Study& study) {
  study.each = read_axis_name(table, "each", study);
  study.series = read_axis_name(table, "series", study);
  for (std::size_t i = 0; i < study.axes.size() && !study.series; ++i) {
    if (!study.axes[i].numeric()) study.series = i;
  }
  if (!study.series) study.series = 0;
}

}  // namespace

Result<Study> read_study(const Document& document, std::span<const PointKind> kinds) {
  Reader root(document);
  PLUMB_TRY(root.first_error());
  Study study(document);
  Reader table = root.table("study");
  study.title = table.text("title");
  study.base = table.text("base");
  study.kind = read_kind(table, kinds);
  const std::optional<std::string> folder = table.text_if("catalog");
  PLUMB_TRY(root.first_error());
  if (study.base.empty()) table.reject("base", "\"base\" is empty", "a path relative to the study");
  study.base_entry = entry_of_base(study.base, *study.kind);
  if (study.base_entry.empty()) study.base = path_beside(study, study.base);
  if (folder) study.catalog_folder = path_beside(study, *folder);
  read_options(root, study);
  PLUMB_TRY(root.first_error());
  read_axes(root, study);
  PLUMB_TRY(root.first_error());
  read_columns(root, study);
  PLUMB_TRY(root.first_error());
  read_objectives(root, study);
  read_series(table, study);
  PLUMB_TRY(root.finish());
  return study;
}

}  // namespace plumb::study

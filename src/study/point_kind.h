#pragma once
// What is done at each point of a study: "plan", "simulate". A kind is a file of its own and one line in the table of
// whoever starts the sweep (src/cli/sweep_kinds.cpp): the room that runs points knows no kind.

#include <atomic>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/document_edit.h"
#include "base/result.h"
#include "catalog/catalog.h"

namespace plumb::study {

/// A figure of a point's result: where it stands in the result's JSON, and what it is called.
struct Column {
  std::string name;    ///< of the CSV's column
  std::string figure;  ///< its place: "choices.0.cost_usd_per_hour"
  std::string title;   ///< for tables and plots, without the unit
  std::string unit;    ///< may be empty
};

/// What is best: the points that no other point beats in all objectives are the Pareto front.
struct Objective {
  std::string column;  ///< or an axis that is a number
  bool maximise = false;
};

/// An option of the kind, as a study's [options] give it.
struct OptionValue {
  std::string text;
  Node node;                 ///< as it stands in the study
  const EditOrigin* origin;  ///< for errors at it
};
using OptionValues = std::map<std::string, OptionValue, std::less<>>;

/// The inputs of one point.
struct PointInputs {
  const Document& base;             ///< with the point's edits
  const std::string& base_name;     ///< its path, or what the catalog calls it
  const catalog::Catalog& catalog;  ///< with the point's edits
  const DocumentEdits& edits;       ///< those of "model" are for the reader of the base
  const OptionValues& options;      ///< by name, without dashes; paths are as the study's folder has them
  int jobs = 1;
  const std::atomic<bool>& interrupt;  ///< true when nobody waits for the result any more
};

struct OptionName {
  std::string_view name;  ///< "rate"
  bool is_path = false;   ///< relative to the study's folder
};

struct PointKind {
  std::string_view name;                    ///< "plan", as [study] command = "..." has it
  std::span<const std::string_view> bases;  ///< what a key of the base file may begin with: "service"
  std::span<const OptionName> options;
  std::vector<Column> columns;        ///< where the study names none
  std::vector<Objective> objectives;  ///< the same
  std::string evidence;               ///< the figure that is the row's evidence
  /// Reads the inputs and no more: an error of Fault::input is one of the study, and nothing has been run yet.
  Status (*check)(const PointInputs& inputs);
  /// The result as JSON. Fault::unmet is a result too: the row tells the reason. An error of an option names it
  /// ("--rate is ...") and has no place.
  Result<Document> (*run)(const PointInputs& inputs);
  bool base_is_memory = false;  ///< the base may also be a memory of the catalog: "hbm3", "hbm3:PRESET"
};

}  // namespace plumb::study

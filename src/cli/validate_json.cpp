#include "cli/validate_output.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using report::JsonWriter;

void write_over(JsonWriter& json, const validation::OverCells& over) {
  json.member("median_abs_error", over.median);
  json.member("p90_abs_error", over.p90);
  json.member("bias", over.bias);
  json.member("cells", over.cells);
  json.member("rows", over.rows);
}

void write_count(JsonWriter& json, std::string_view name, const validation::Accuracy::Count& count) {
  json.begin_object(name);
  json.member("runs", count.runs);
  json.member("rows", count.rows);
  json.end_object();
}

void write_families(JsonWriter& json, const validation::Accuracy& accuracy) {
  json.begin_array("families");
  for (const auto& [assumed, families] : accuracy.families) {
    for (const auto& [family, over] : families) {
      json.begin_object();
      json.member("family", family);
      json.member("assumed", assumed);
      write_over(json, over);
      json.end_object();
    }
  }
  json.end_array();
}

void write_groups(JsonWriter& json, const validation::Accuracy& accuracy) {
  json.begin_array("groups");
  for (const validation::Grouping grouping : validation::groupings) {
    for (const validation::Group& group : accuracy.groups.at(grouping)) {
      json.begin_object();
      json.member("by", validation::grouping_name(grouping));
      json.member("name", group.name);
      write_over(json, group.over_cells);
      json.end_object();
    }
  }
  json.end_array();
}

void write_cells(JsonWriter& json, const validation::Accuracy& accuracy) {
  json.begin_array("cells");
  for (const validation::Cell& cell : accuracy.cells) {
    json.begin_object();
    json.member("device", cell.name.device);
    json.member("model", cell.name.model);
    json.member("kind", cell.name.kind);
    json.member("assumed", cell.name.assumed);
    json.member("rows", cell.rows.size());
    json.member("median_abs_error", cell.errors.median);
    json.member("p90_abs_error", cell.errors.p90);
    json.member("bias", cell.errors.bias);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string validation_json(const ValidationResult& result) {
  const validation::Accuracy& accuracy = result.accuracy;
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.validate/1");
  json.member("version", PLUMB_VERSION);
  json.member("file", result.file);
  write_count(json, "read", accuracy.read);
  write_count(json, "trusted", accuracy.trusted);
  write_count(json, "simulated", accuracy.simulated);
  json.member("scored_rows", accuracy.scored_rows);
  json.begin_object("knees");
  json.member("median_abs_error", result.knees.median);
  json.member("p90_abs_error", result.knees.p90);
  json.member("bias", result.knees.bias);
  json.member("cells", result.knees.cells);
  json.member("runs", result.knees.runs);
  json.end_object();
  json.begin_array("band_coverage");
  for (const auto& [assumed, share] : result.coverage) {
    json.begin_object();
    json.member("assumed", assumed);
    json.member("share", share);
    json.end_object();
  }
  json.end_array();
  write_families(json, accuracy);
  json.begin_array("rank_agreement");
  for (const auto& [assumed, ranks] : accuracy.ranks) {
    json.begin_object();
    json.member("assumed", assumed);
    json.member("pairs", ranks.pairs);
    json.member("agree", ranks.agree);
    json.end_object();
  }
  json.end_array();
  write_groups(json, accuracy);
  write_cells(json, accuracy);
  json.begin_array("not_scored");
  for (const auto& [reason, count] : accuracy.skipped) {
    json.begin_object();
    json.member("reason", reason);
    json.member("runs", count.runs);
    json.member("rows", count.rows);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli

#include "report/json_writer.h"
#include "study/sweep_view.h"

namespace plumb::study {
namespace {

using report::JsonWriter;

/// A value of an axis: itself where it is plain, else its label.
void write_value(JsonWriter& json, const Axis& axis, std::size_t index) {
  const Node& node = axis.values[index];
  json.key(axis.name);
  switch (node.kind) {
    case NodeKind::boolean: json.value(node.boolean); break;
    case NodeKind::integer: json.value(node.integer); break;
    case NodeKind::number: json.value(node.number); break;
    default: json.value(axis.labels[index]); break;
  }
}

/// A figure, whose kind is that of its text: a row that was read back is written as it was at first.
void write_figure(JsonWriter& json, const std::string& name, const std::string& figure) {
  const std::optional<double> number = figure_number(figure);
  json.key(name);
  if (figure.empty()) {
    json.value(nullptr);
  } else if (number) {
    json.value(*number);
  } else if (figure == "true" || figure == "false") {
    json.value(figure == "true");
  } else {
    json.value(figure);
  }
}

void write_row(JsonWriter& json, const Study& study, const Row& row) {
  const std::vector<std::size_t> positions = study.positions(row.point);
  json.begin_object();
  json.member("point", row.point + 1);
  json.member("status", row.status == RowStatus::done ? "done" : "unmet");
  json.begin_object("axes");
  for (std::size_t i = 0; i < study.axes.size(); ++i) write_value(json, study.axes[i], positions[i]);
  json.end_object();
  json.begin_object("figures");
  for (std::size_t i = 0; i < row.figures.size(); ++i) write_figure(json, study.columns[i].name, row.figures[i]);
  json.end_object();
  write_figure(json, "evidence", row.evidence);
  json.member("pareto", row.pareto);
  write_figure(json, "reason", row.reason);
  json.member("inputs", row.inputs);
  json.end_object();
}

}  // namespace

std::string sweep_json(const Study& study, const std::vector<Row>& rows) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.sweep/1");
  json.member("title", study.title);
  json.member("command", study.kind->name);
  json.member("base", study.base);
  json.member("points", study.points());
  json.begin_array("axes");
  for (const Axis& axis : study.axes) {
    json.begin_object();
    json.member("name", axis.name);
    json.member_array("keys", axis.keys);
    json.member("multiply", axis.multiply);
    json.member("with", axis.with ? std::optional(study.axes[*axis.with].name) : std::nullopt);
    json.member_array("values", axis.labels);
    json.end_object();
  }
  json.end_array();
  json.begin_array("columns");
  for (const Column& column : study.columns) {
    json.begin_object();
    json.member("name", column.name);
    json.member("figure", column.figure);
    json.member("title", column.title);
    json.member("unit", column.unit);
    json.end_object();
  }
  json.end_array();
  json.begin_array("objectives");
  for (const Objective& objective : study.objectives) {
    json.begin_object();
    json.member("column", objective.column);
    json.member("sense", objective.maximise ? "maximise" : "minimise");
    json.end_object();
  }
  json.end_array();
  json.member("each", study.each ? std::optional(study.axes[*study.each].name) : std::nullopt);
  json.begin_array("rows");
  for (const Row& row : rows) {
    if (row.status != RowStatus::missing) write_row(json, study, row);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace plumb::study

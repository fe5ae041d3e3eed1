#include "study/row.h"

#include <charconv>
#include <cmath>
#include <map>

#include "base/document_edit.h"
#include "report/text.h"
#include "study/pareto.h"

namespace plumb::study {

std::string figure_at(const Document& result, std::string_view place) {
  const auto path = parse_key_path(place);
  const Node* at = &result.root();
  if (!path) return {};
  for (const std::string& part : *path) {
    if (at->kind == NodeKind::array) {
      std::size_t index = at->items.size();
      std::from_chars(part.data(), part.data() + part.size(), index);
      if (index >= at->items.size()) return {};
      at = &at->items[index];
    } else {
      at = at->find(part);
    }
    if (at == nullptr) return {};
  }
  const bool plain = at->kind != NodeKind::null && at->kind != NodeKind::array && at->kind != NodeKind::table;
  // On one line, so that a row is one; without the blanks at its ends that readers of CSV drop.
  const std::string text = plain ? report::printable(value_text(*at)) : std::string();
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::optional<double> figure_number(std::string_view figure) {
  double number = 0.0;
  const auto [stop, code] = std::from_chars(figure.data(), figure.data() + figure.size(), number);
  const bool whole = code == std::errc{} && stop == figure.data() + figure.size() && !figure.empty();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

Row done_row(const Study& study, std::size_t point, const Document& result) {
  Row row;
  row.point = point;
  row.status = RowStatus::done;
  for (const Column& column : study.columns) row.figures.push_back(figure_at(result, column.figure));
  row.evidence = figure_at(result, study.kind->evidence);
  return row;
}

std::optional<double> number_in(const Study& study, const Row& row, std::string_view name) {
  if (row.status != RowStatus::done) return std::nullopt;
  for (std::size_t i = 0; i < study.columns.size(); ++i) {
    if (study.columns[i].name == name) return figure_number(row.figures[i]);
  }
  for (std::size_t i = 0; i < study.axes.size(); ++i) {
    if (study.axes[i].name == name) return study.axes[i].number(study.positions(row.point)[i]);
  }
  return std::nullopt;
}

void mark_pareto(const Study& study, std::vector<Row>& rows) {
  struct Group {
    std::vector<Row*> rows;
    std::vector<std::vector<double>> points;
  };
  std::map<std::size_t, Group> groups;
  for (Row& row : rows) {
    row.pareto = false;
    std::vector<double> values;
    for (const Objective& objective : study.objectives) {
      const std::optional<double> value = number_in(study, row, objective.column);
      if (value) values.push_back(objective.maximise ? -*value : *value);
    }
    if (values.empty() || values.size() != study.objectives.size()) continue;
    Group& group = groups[study.each ? study.positions(row.point)[*study.each] : 0];
    group.rows.push_back(&row);
    group.points.push_back(std::move(values));
  }
  for (auto& [value, group] : groups) {
    const std::vector<bool> front = pareto_front(group.points);
    for (std::size_t i = 0; i < front.size(); ++i) group.rows[i]->pareto = front[i];
  }
}

}  // namespace plumb::study

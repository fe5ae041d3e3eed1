#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cli/catalog_text.h"
#include "cli/citations.h"

namespace plumb::cli {
namespace {

using report::heading_text;
using report::paragraph_text;
using report::render_text;
using report::Table;

std::string evidence_cell(const FigureLine& figure) {
  return figure.value ? std::string(evidence_name(figure.evidence)) : "-";
}

std::string line_cell(const FigureLine& figure) {
  return figure.place.line > 0 ? fmt::format("{}", figure.place.line) : "-";
}

Table figure_table(const CatalogEntry& entry, Citations& sources) {
  Table table({{.title = "Figure"},
               {.title = "Value", .align = report::Align::right},
               {.title = "Evidence"},
               {.title = "Source"},
               {.title = "Line", .align = report::Align::right}});
  for (const FigureLine& figure : entry.figures) {
    table.row({figure.key, figure.shown, evidence_cell(figure), sources.cite(figure.source), line_cell(figure)},
              figure.value ? report::RowKind::normal : report::RowKind::muted);
  }
  return table;
}

Table price_table(const CatalogEntry& entry, Citations& sources) {
  Table table({{.title = "Price"},
               {.title = "Date"},
               {.title = "Value", .align = report::Align::right},
               {.title = "Band"},
               {.title = "Evidence"},
               {.title = "Source"},
               {.title = "Line", .align = report::Align::right}});
  for (const PriceLine& price : entry.prices) {
    const FigureLine& figure = price.figure;
    table.row({figure.key, price.date, figure.shown, price.band.empty() ? "-" : price.band, evidence_cell(figure),
               sources.cite(figure.source), line_cell(figure)});
  }
  return table;
}

/// Notes of the entry, of its figures and of its prices. They are sentences, too long for a column.
std::vector<std::string> notes_of(const CatalogEntry& entry) {
  std::vector<std::string> notes;
  for (const FigureLine& figure : entry.figures) {
    if (!figure.note.empty()) notes.push_back(fmt::format("{}: {}", figure.key, figure.note));
  }
  for (const PriceLine& price : entry.prices) {
    if (!price.figure.note.empty())
      notes.push_back(fmt::format("{} {}: {}", price.figure.key, price.date, price.figure.note));
  }
  notes.insert(notes.end(), entry.notes.begin(), entry.notes.end());
  return notes;
}

Table fact_table(const CatalogEntry& entry) {
  Table table({{}, {}});
  for (const auto& [key, value] : entry.facts) table.row({key, value});
  return table;
}

}  // namespace

std::string catalog_entry_text(const CatalogEntry& entry, const report::Style& style) {
  Citations sources;
  std::string text = heading_text(fmt::format("{}: {}, {}", entry.name, entry.title, entry.kind), style);
  text += paragraph_text(fmt::format("From {}; lines are of that file.", entry.place.file), style, true);
  if (!entry.facts.empty()) text += "\n" + render_text(fact_table(entry), style);
  text += "\n" + render_text(figure_table(entry, sources), style);
  if (!entry.prices.empty()) text += "\n" + render_text(price_table(entry, sources), style);
  const std::vector<std::string> notes = notes_of(entry);
  if (!notes.empty()) text += "\n" + heading_text("Notes", style);
  for (const std::string& note : notes) text += paragraph_text("- " + note, style);
  const std::string cited = sources.text(style);
  return cited.empty() ? text : text + "\n" + heading_text("Sources", style) + cited;
}

}  // namespace plumb::cli

#include "report/html_page.h"

#include <fmt/format.h>

#include "report/html_style.h"
#include "report/text.h"

namespace plumb::report {
namespace {

std::string_view class_of(RowKind kind) {
  switch (kind) {
    case RowKind::normal: return "";
    case RowKind::best: return " class=\"best\"";
    case RowKind::tie: return " class=\"tie\"";
    case RowKind::total: return " class=\"total\"";
    case RowKind::muted: return " class=\"muted\"";
  }
  return "";
}

std::string_view class_of(const Column& column) { return column.align == Align::right ? " class=\"number\"" : ""; }

std::string table_head(const Table& table) {
  std::string out = "<thead><tr>";
  for (const Column& column : table.columns()) {
    const std::string unit =
        column.unit.empty() ? "" : fmt::format("<span class=\"unit\">{}</span>", escape_markup(column.unit));
    out += fmt::format("<th scope=\"col\"{}>{}{}</th>", class_of(column), escape_markup(column.title), unit);
  }
  return out + "</tr></thead>\n";
}

std::string table_row(const Table& table, const Table::Row& row) {
  std::string out = fmt::format("<tr{}>", class_of(row.kind));
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Column& column = table.columns()[i];
    const bool names_row = i == 0 && column.align == Align::left;
    out += fmt::format("<{0}{1}>{2}</{3}>", names_row ? "th scope=\"row\"" : "td", class_of(column),
                       escape_markup(row.cells[i]), names_row ? "th" : "td");
  }
  return out + "</tr>\n";
}

}  // namespace

HtmlPage::HtmlPage(std::string title) : title_(std::move(title)) {}

void HtmlPage::element(std::string_view name, std::string_view attributes, std::string_view text) {
  body_ += fmt::format("<{0}{1}>{2}</{0}>\n", name, attributes, escape_markup(text));
}

void HtmlPage::lead(std::string_view text) { lead_ = text; }

void HtmlPage::section(std::string_view heading) {
  sections_.emplace_back(heading);
  element("h2", fmt::format(" id=\"section-{}\"", sections_.size()), heading);
}

void HtmlPage::subsection(std::string_view heading) { element("h3", "", heading); }
void HtmlPage::paragraph(std::string_view text) { element("p", "", text); }
void HtmlPage::note(std::string_view text) { element("p", " class=\"note\"", text); }
void HtmlPage::code(std::string_view text) { element("pre", " tabindex=\"0\"", text); }

void HtmlPage::list(const std::vector<std::string>& items) {
  body_ += "<ul>\n";
  for (const std::string& item : items) element("li", "", item);
  body_ += "</ul>\n";
}

void HtmlPage::facts(const std::vector<std::pair<std::string, std::string>>& terms) {
  body_ += "<dl class=\"facts\">\n";
  for (const auto& [term, text] : terms) {
    body_ += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_markup(term), escape_markup(text));
  }
  body_ += "</dl>\n";
}

void HtmlPage::tiles(const std::vector<Tile>& tiles) {
  body_ += "<dl class=\"tiles\">\n";
  for (const Tile& tile : tiles) {
    const std::string under =
        tile.note.empty() ? "" : fmt::format("<dd class=\"note\">{}</dd>", escape_markup(tile.note));
    body_ += fmt::format("<div><dt>{}</dt><dd>{}</dd>{}</div>\n", escape_markup(tile.label), escape_markup(tile.value),
                         under);
  }
  body_ += "</dl>\n";
}

void HtmlPage::table(const Table& table) {
  body_ += "<div class=\"scroll\" tabindex=\"0\">\n<table>\n";
  if (!table.caption.empty()) element("caption", "", table.caption);
  if (table.has_titles()) body_ += table_head(table);
  body_ += "<tbody>\n";
  for (const Table::Row& row : table.rows()) body_ += table_row(table, row);
  body_ += "</tbody>\n</table>\n</div>\n";
  for (const std::string& text : table.notes()) note(text);
}

void HtmlPage::figure_svg(std::string_view wide, std::string_view narrow, std::string_view caption) {
  body_ += fmt::format("<figure>\n<div class=\"wide\">\n{}</div>\n<div class=\"narrow\">\n{}</div>\n", wide, narrow);
  if (!caption.empty()) element("figcaption", "", caption);
  body_ += "</figure>\n";
}

std::string HtmlPage::html(const PageFooter& footer) const {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n";
  out += fmt::format("<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n",
                     escape_markup(title_), page_style(), escape_markup(title_));
  if (!lead_.empty()) out += fmt::format("<p class=\"lead\">{}</p>\n", escape_markup(lead_));
  out += "</header>\n";
  if (sections_.size() > 2) {
    out += "<nav aria-label=\"Sections\">\n<ul>\n";
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      out += fmt::format("<li><a href=\"#section-{}\">{}</a></li>\n", i + 1, escape_markup(sections_[i]));
    }
    out += "</ul>\n</nav>\n";
  }
  out += fmt::format("<main>\n{}</main>\n<footer>\n", body_);
  if (!footer.command_line.empty())
    out += fmt::format("<p>Made by <code>{}</code></p>\n", escape_markup(footer.command_line));
  if (!footer.version.empty()) out += fmt::format("<p>{}</p>\n", escape_markup(footer.version));
  for (const std::string& text : footer.notes) out += fmt::format("<p>{}</p>\n", escape_markup(text));
  return out + "</footer>\n</body>\n</html>\n";
}

}  // namespace plumb::report

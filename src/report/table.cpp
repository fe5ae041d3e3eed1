#include "report/table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "report/text.h"

namespace plumb::report {
namespace {

constexpr std::string_view bold = "\x1b[1m", dim = "\x1b[2m", plain = "\x1b[0m";

std::string decorate(std::string text, std::string_view code, const Style& style) {
  if (!style.decorated || code.empty() || text.empty()) return text;
  return std::string(code) + text + std::string(plain);
}

/// The style around each line of a text, so that a pager that cuts lines does not lose it.
std::string decorate_lines(const std::string& text, std::string_view code, const Style& style) {
  std::string out;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    out += decorate(text.substr(from, end - from), code, style) + '\n';
    from = end + 1;
  }
  return out;
}

std::string_view code_of(RowKind kind) {
  switch (kind) {
    case RowKind::best:
    case RowKind::total: return bold;
    case RowKind::muted: return dim;
    case RowKind::normal:
    case RowKind::tie: return {};
  }
  return {};
}

std::string indent_of(const Style& style) {
  return std::string(static_cast<std::size_t>(std::max(0, style.indent)), ' ');
}

class TextTable {
 public:
  TextTable(const Table& table, const Style& style) : table_(table), style_(style), widths_(table.columns().size()) {
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      const Column& column = table.columns()[i];
      widths_[i] = std::max(display_width(printable(column.title)), display_width(printable(column.unit)));
    }
    for (const Table::Row& row : table.rows()) {
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        widths_[i] = std::max(widths_[i], display_width(printable(row.cells[i])));
      }
    }
  }

  std::string render() const {
    std::string out;
    if (!table_.caption.empty()) out += paragraph(table_.caption, bold);
    if (table_.has_titles()) {
      out += decorate(header([](const Column& column) { return column.title; }), bold, style_) + '\n';
      if (table_.has_units()) {
        out += decorate(header([](const Column& column) { return column.unit; }), dim, style_) + '\n';
      }
      out += decorate(rule(), dim, style_) + '\n';
    }
    for (const Table::Row& row : table_.rows()) {
      if (row.kind == RowKind::total) out += decorate(rule(), dim, style_) + '\n';
      out += decorate(line(row.cells), code_of(row.kind), style_) + '\n';
    }
    for (const std::string& note : table_.notes()) out += paragraph(note, dim);
    return out;
  }

 private:
  template <class Text>
  std::string header(Text text) const {
    std::vector<std::string> cells;
    for (const Column& column : table_.columns()) cells.push_back(text(column));
    return line(cells);
  }

  std::string line(const std::vector<std::string>& cells) const {
    std::string out = indent_of(style_);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = printable(cells[i]);
      const std::string gap(widths_[i] - display_width(cell), ' ');
      if (i > 0) out += "  ";
      out += table_.columns()[i].align == Align::right ? gap + cell : cell + gap;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
  }

  std::string rule() const {
    std::string out = indent_of(style_);
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      if (i > 0) out += "  ";
      for (std::size_t k = 0; k < widths_[i]; ++k) out += "─";
    }
    return out;
  }

  std::string paragraph(const std::string& text, std::string_view code) const {
    const auto columns = static_cast<std::size_t>(std::max(20, style_.columns_max - style_.indent));
    return decorate_lines(wrap(text, columns, indent_of(style_)), code, style_);
  }

  const Table& table_;
  const Style& style_;
  std::vector<std::size_t> widths_;
};

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) { assert(!columns_.empty()); }

void Table::row(std::vector<std::string> cells, RowKind kind) {
  assert(cells.size() <= columns_.size() && "a row has no more cells than the table has columns");
  cells.resize(columns_.size());
  rows_.push_back({std::move(cells), kind});
}

bool Table::has_titles() const {
  return std::any_of(columns_.begin(), columns_.end(), [](const Column& column) { return !column.title.empty(); });
}

bool Table::has_units() const {
  return std::any_of(columns_.begin(), columns_.end(), [](const Column& column) { return !column.unit.empty(); });
}

bool may_decorate(bool is_terminal, const char* no_color) {
  return is_terminal && (no_color == nullptr || *no_color == '\0');
}

std::string render_text(const Table& table, const Style& style) { return TextTable(table, style).render(); }

std::string heading_text(std::string_view text, const Style& style) {
  return indent_of(style) + decorate(printable(text), bold, style) + '\n';
}

std::string paragraph_text(std::string_view text, const Style& style, bool muted) {
  const auto columns = static_cast<std::size_t>(std::max(20, style.columns_max - style.indent));
  return decorate_lines(wrap(text, columns, indent_of(style)), muted ? dim : std::string_view{}, style);
}

}  // namespace plumb::report

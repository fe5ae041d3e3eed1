#pragma once
// A table, made once and shown twice: on the terminal by render_text() and in a page by HtmlPage::table().
//
//   Table fleets({{.title = "Fleet"}, {.title = "TTFT p99", .unit = "ms", .align = Align::right}});
//   fleets.caption = "Fleets that meet the targets, cheapest first";
//   fleets.row({"8 x H100", "412"}, RowKind::best);
//   fleets.row({"4 x B200", "398"}, RowKind::tie);
//   fleets.note("TTFT over the busiest hour.");
//   fmt::print("{}", render_text(fleets, {.decorated = may_decorate(isatty(1), getenv("NO_COLOR"))}));
//
// Cells are texts that the caller has formatted (units.h); any bytes are accepted. A row with fewer cells than columns
// is filled with empty ones; one with more is an assertion.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::report {

enum class Align { left, right };

struct Column {
  std::string title = {};
  std::string unit = {};  ///< shown under the title; the line of units is left out where no column has one
  Align align = Align::left;
};

/// How a row stands out: bold or dim on a terminal, coloured in a page. The words of the row say the same to those who
/// see neither: put "best" or "*" in a cell.
enum class RowKind { normal, best, tie, total, muted };

class Table {
 public:
  struct Row {
    std::vector<std::string> cells;
    RowKind kind = RowKind::normal;
  };

  explicit Table(std::vector<Column> columns);

  void row(std::vector<std::string> cells, RowKind kind = RowKind::normal);
  void note(std::string text) { notes_.push_back(std::move(text)); }

  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<Row>& rows() const { return rows_; }
  const std::vector<std::string>& notes() const { return notes_; }
  bool has_titles() const;  ///< false where every title is empty: the table is then a plain list without a header
  bool has_units() const;

  std::string caption = {};  ///< may be empty

 private:
  std::vector<Column> columns_;
  std::vector<Row> rows_;
  std::vector<std::string> notes_;
};

/// How text is put on a terminal.
struct Style {
  bool decorated = false;  ///< bold and dim by ANSI escapes; without them the bytes are the plain text
  int indent = 2;          ///< columns before every line
  int columns_max = 100;   ///< notes and captions are broken at this width; tables are as wide as they are
};

/// Whether to decorate: on a terminal, unless NO_COLOR is set and not empty (no-color.org). `no_color` is what getenv
/// gives.
bool may_decorate(bool is_terminal, const char* no_color);

/// Lines ending in "\n", without trailing spaces; widths are display widths, so Korean lines up. Columns are two spaces
/// apart; total rows have a rule above them.
std::string render_text(const Table& table, const Style& style = {});

/// A heading for the terminal: bold where decorated, one line.
std::string heading_text(std::string_view text, const Style& style = {});
/// A paragraph broken at the style's width; dim where `muted`.
std::string paragraph_text(std::string_view text, const Style& style = {}, bool muted = false);

}  // namespace plumb::report

#pragma once
// One HTML file that needs nothing else: no scripts, no requests, the system's fonts, light and dark by the reader's
// setting, fit for A4 and for a phone (tables scroll in boxes of their own). Every text is escaped; the same calls, the
// same bytes.
//
//   HtmlPage page("Plan for chat.toml");
//   page.lead("Cheapest fleets that keep TTFT p99 under 500 ms.");
//   page.tiles({{"Cost", "$1.2 M/year", "$0.52 per user and month"}, {"Accelerators", "96", "12 x 8 H100"}});
//   page.section("Fleets");
//   page.table(fleets);                             // the same Table that render_text() shows on a terminal
//   page.figure(plot, "Load and capacity.");        // a LinePlot, ScatterPlot or StackedBars
//   page.facts({{"Model", "qwen3-32b"}, {"Evidence", "datasheet"}});
//   std::string html = page.html({.command_line = "plumb plan chat.toml", .version = "plumb 0.1.0"});
//
// Calls add to the page from top to bottom. Thread rule: one thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/plot_size.h"
#include "report/table.h"

namespace plumb::report {

struct PageFooter {
  std::string command_line = {};  ///< how to make the page again
  std::string version = {};       ///< of the program, and what else the numbers depend on: catalog, seed
  std::vector<std::string> notes = {};
};

/// A number that is read first.
struct Tile {
  std::string label = {}, value = {}, note = {};
};

class HtmlPage {
 public:
  explicit HtmlPage(std::string title);

  void lead(std::string_view text);  ///< a larger paragraph, under the title
  void tiles(const std::vector<Tile>& tiles);
  void section(std::string_view heading);  ///< also a link at the top of the page, from the third section on
  void subsection(std::string_view heading);
  void paragraph(std::string_view text);
  void note(std::string_view text);  ///< smaller and dim
  void list(const std::vector<std::string>& items);
  void facts(const std::vector<std::pair<std::string, std::string>>& terms);  ///< a definition list
  void code(std::string_view text);                                           ///< as it is, in a fixed-width face
  void table(const Table& table);
  /// Two SVGs of the same plot, for a page and for a phone; the page shows the one that fits.
  void figure_svg(std::string_view wide, std::string_view narrow, std::string_view caption);
  template <class Plot>
  void figure(const Plot& plot, std::string_view caption) {
    figure_svg(plot.svg(page_size), plot.svg(phone_size), caption);
  }

  std::string html(const PageFooter& footer = {}) const;

 private:
  void element(std::string_view name, std::string_view attributes, std::string_view text);

  std::string title_, body_;
  std::string lead_;
  std::vector<std::string> sections_;
};

}  // namespace plumb::report

// unit and golden: one well-formed page that asks nothing of anybody.

#include "report/html_page.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "report/plot.h"
#include "support/golden.h"
#include "xml_check.h"

namespace plumb::report {
namespace {

constexpr std::string_view doctype = "<!DOCTYPE html>\n";

XmlText read_page(const std::string& html) {
  if (!html.starts_with(doctype)) return {{}, "no doctype"};
  return read_xml(std::string_view(html).substr(doctype.size()));
}

/// A page of everything, with one text in all places.
HtmlPage page_of(const std::string& text) {
  HtmlPage page(text);
  page.lead(text);
  page.tiles({{text, text, text}, {"Cost", "$1", ""}});
  for (int i = 0; i < 3; ++i) page.section(text);
  page.subsection(text);
  page.paragraph(text);
  page.note(text);
  page.list({text, "second"});
  page.facts({{text, text}});
  page.code(text);
  Table table({{.title = text}, {.title = "Cost", .unit = text, .align = Align::right}});
  table.caption = text;
  table.row({text, text}, RowKind::best);
  table.row({"other", "1"}, RowKind::tie);
  table.note(text);
  page.table(table);
  LinePlot plot{.title = text, .description = text, .x = {.title = text}};
  plot.series.push_back({.name = text, .points = {{0, 1}, {1, 2}}});
  page.figure(plot, text);
  return page;
}

PageFooter footer_of(const std::string& text) { return {.command_line = text, .version = text, .notes = {text}}; }

RC_GTEST_PROP(HtmlPageLaw, AnyTextMakesAWellFormedPage, (const std::string& text)) {
  const XmlText page = read_page(page_of(text).html(footer_of(text)));
  RC_ASSERT(page.problem == "");
}

TEST(HtmlPage, EscapesEverything) {
  const std::string attack = "<script>alert('x')</script>\"><img src=x onerror=y>&";
  const std::string html = page_of(attack).html(footer_of(attack));
  const XmlText page = read_page(html);
  EXPECT_EQ(page.problem, "");
  for (const XmlElement& element : page.elements) {
    EXPECT_NE(element.name, "script");
    EXPECT_NE(element.name, "img");
    EXPECT_EQ(element.attributes.count("onerror"), 0u);
  }
}

TEST(HtmlPage, IsSelfContained) {
  std::string html = page_of("text").html(footer_of("plumb plan chat.toml"));
  const std::string allowed = "xmlns=\"http://www.w3.org/2000/svg\"";
  for (std::size_t at; (at = html.find(allowed)) != std::string::npos;) html.erase(at, allowed.size());
  for (const char* outside : {"http:", "https:", "url(", "@import", "src=", "<link", "<script", "//"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
}

TEST(HtmlPage, TablesMarkTheirRowsAndNumbers) {
  const std::string html = page_of("text").html();
  EXPECT_NE(html.find("<tr class=\"best\"><th scope=\"row\">text</th><td class=\"number\">text</td></tr>"),
            std::string::npos);
  EXPECT_NE(html.find("<tr class=\"tie\">"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"col\" class=\"number\">Cost<span class=\"unit\">text</span></th>"),
            std::string::npos);
  EXPECT_NE(html.find("<div class=\"scroll\" tabindex=\"0\">\n<table>\n<caption>text</caption>"), std::string::npos);
}

TEST(HtmlPage, SectionsAreLinkedFromTheThirdOn) {
  HtmlPage page("t");
  page.section("one");
  page.section("two");
  EXPECT_EQ(page.html().find("<nav"), std::string::npos);
  page.section("three");
  EXPECT_NE(page.html().find("<a href=\"#section-3\">three</a>"), std::string::npos);
  EXPECT_NE(page.html().find("<h2 id=\"section-3\">three</h2>"), std::string::npos);
}

TEST(HtmlPage, GoldenBody) {
  HtmlPage page("Plan for chat.toml");
  page.lead("Cheapest fleets.");
  page.tiles({{"Cost", "$1.2 M/year", "$0.52 per user and month"}});
  page.section("Fleets");
  Table table({{.title = "Fleet"}, {.title = "TTFT p99", .unit = "ms", .align = Align::right}});
  table.caption = "Cheapest first";
  table.row({"8 x H100", "412"}, RowKind::best);
  table.row({"4 x B200", "398"}, RowKind::tie);
  table.row({"all", "810"}, RowKind::total);
  table.row({"16 x L40S", "620"}, RowKind::muted);
  page.table(table);
  page.facts({{"Model", "qwen3-8b"}});
  const std::string html = page.html({.command_line = "plumb plan chat.toml", .version = "plumb 0.1.0"});
  test::expect_golden("report/page_body.html", html.substr(html.find("<body>")));
}

}  // namespace
}  // namespace plumb::report

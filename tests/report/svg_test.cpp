// unit: what our SVG writer writes.

#include "report/svg.h"

#include <limits>

#include <gtest/gtest.h>

#include "xml_check.h"

namespace plumb::report {
namespace {

TEST(Svg, NumbersHaveTwoDecimalsAtMost) {
  EXPECT_EQ(svg_number(12.0), "12");
  EXPECT_EQ(svg_number(12.5), "12.5");
  EXPECT_EQ(svg_number(-1.0 / 3.0), "-0.33");
  EXPECT_EQ(svg_number(-0.001), "0");
  EXPECT_EQ(svg_number(100.0), "100");
}

TEST(Svg, Golden) {
  Svg svg;
  svg.open("svg", {{"viewBox", "0 0 10 10"}});
  svg.leaf("circle", {{"cx", 1.0 / 3.0}, {"r", 2.0}, {"class", ""}});
  svg.leaf("path", {{"d", SvgPath().move_to(0, 1).line_to(2.345, -4).close().d()}}, "a < b");
  svg.text({{"x", 1.0}}, "\"5\" & more");
  svg.line("grid", 0, 0, 1, 1);
  svg.close();
  const std::string text = svg.take();
  EXPECT_EQ(text,
            "<svg viewBox=\"0 0 10 10\">\n"
            "<circle cx=\"0.33\" r=\"2\"/>\n"
            "<path d=\"M0 1L2.35 -4Z\"><title>a &lt; b</title></path>\n"
            "<text x=\"1\">&quot;5&quot; &amp; more</text>\n"
            "<path class=\"grid\" d=\"M0 0L1 1\"/>\n"
            "</svg>\n");
  EXPECT_EQ(read_xml(text).problem, "");
}

#ifndef NDEBUG
TEST(SvgDeathTest, OnlyFiniteNumbersAndClosedElements) {
  EXPECT_DEATH(svg_number(std::numeric_limits<double>::quiet_NaN()), "finite");
  EXPECT_DEATH(Svg().close(), "no element is open");
}
#endif

TEST(XmlCheck, FindsWhatIsWrong) {
  for (const char* wrong : {"", "<a>", "<a></b>", "<a/><b/>", "<a x=1/>", "<a x=\"1\" x=\"2\"/>", "<a>&nbsp;</a>",
                            "<a x=\"<\"/>", "<a/>text", "<a>\x01</a>", "<a", "<a><b></a></b>"}) {
    EXPECT_NE(read_xml(wrong).problem, "") << wrong;
  }
  EXPECT_EQ(read_xml("<a x=\"1\"><b/>t &amp; u</a>\n").problem, "");
}

}  // namespace
}  // namespace plumb::report

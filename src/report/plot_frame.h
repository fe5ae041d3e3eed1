#pragma once
// What the plots share: the outer element with its style, title and legend, and a frame of two axes with grid and
// labels. Used by the plots of this room, not by others.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/axis.h"
#include "report/plot_size.h"
#include "report/svg.h"

namespace plumb::report {

/// A guess of a text's width in pixels, a little on the wide side: the reader's font is not known.
double text_width(std::string_view text, double font_px = 12.0);
/// The text cut with "…" to about `width` pixels.
std::string fit_text(std::string_view text, double width, double font_px = 12.0);

enum class Mark { swatch, line, dashed_line, circle, square, triangle, diamond };

/// Draws a mark around a point, in the colour of a series, `radius` to each side.
void draw_mark(Svg& svg, Mark mark, double x, double y, double radius, std::string_view colour_class,
               std::string_view tooltip = {});

struct LegendEntry {
  std::string name;
  Mark mark = Mark::swatch;
  std::size_t colour = 1;  ///< 1 ... 8; 0 is the colour of the text
};

/// Title and legend, laid out before anything is drawn so that the height of the whole can depend on them.
class PlotHead {
 public:
  PlotHead(std::string_view title, std::vector<LegendEntry> legend, double width);
  double bottom() const { return bottom_; }
  void draw(Svg& svg) const;

 private:
  struct Placed {
    LegendEntry entry;
    double x, y;
  };
  std::vector<std::string> title_lines_;
  std::vector<Placed> legend_;
  double bottom_ = 0.0;
};

/// Opens the <svg> with its style, <title> and <desc>.
void open_plot(Svg& svg, PlotSize size, std::string_view title, std::string_view description);
/// "3 values are not shown: ..." or empty.
std::string dropped_note(std::size_t dropped, bool log);

/// A tick's line and label on an axis of values that runs to the right.
void draw_x_axis(Svg& svg, const Axis& axis, const Ticks& ticks, const Scale& scale, double top, double bottom);
/// Ticks for an axis of `width` pixels, as many as have room for their labels.
Ticks x_ticks(const Axis& axis, Extent data, double width);

struct FrameSpec {
  std::string_view title, description;
  PlotSize size;
  const Axis& x;
  const Axis& y;
  Extent x_data, y_data;            ///< of what will be drawn; if one is empty the frame says "no data"
  std::vector<LegendEntry> legend;  ///< entries without a name are left out
  double room_right = 0.0;          ///< beside the plot area, for labels of line ends
  std::size_t dropped = 0;          ///< values that cannot be drawn
};

/// Two axes. Draw between construction and finish(), on svg(), with x() and y(), within [left, right] x [top, bottom].
class Frame {
 public:
  explicit Frame(const FrameSpec& spec);
  Svg& svg() { return svg_; }
  bool has_data() const { return has_data_; }
  double x(double value) const { return x_scale_(value); }
  double y(double value) const { return y_scale_(value); }
  double left() const { return left_; }
  double right() const { return right_; }
  double top() const { return top_; }
  double bottom() const { return bottom_; }
  std::string finish();

 private:
  void draw_y_axis(const FrameSpec& spec, const Ticks& ticks);

  Svg svg_;
  Scale x_scale_, y_scale_;
  bool has_data_ = false;
  double left_ = 0.0, right_ = 0.0, top_ = 0.0, bottom_ = 0.0;
};

}  // namespace plumb::report

#include "report/stacked_bars.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "report/plot_frame.h"
#include "report/text.h"
#include "report/theme.h"
#include "report/units.h"

namespace plumb::report {
namespace {

constexpr double bar_height = 24.0, bar_gap = 12.0, label_line = 17.0, axis_room = 42.0;

class BarsDrawing {
 public:
  BarsDrawing(const StackedBars& bars, PlotSize size) : bars_(bars), axis_(bars.value), width_(size.width) {
    axis_.log = false;
    axis_.from_zero = true;
    for (const StackedBar& bar : bars.bars) {
      assert(bar.values.size() <= bars.parts.size() && "a value for each part");
      double sum = 0.0;
      std::vector<double> clean;
      for (const double value : bar.values) {
        const bool can_draw = drawable(value, axis_) && value >= 0.0;
        if (!can_draw) ++dropped_;
        clean.push_back(can_draw ? value : 0.0);
        sum += clean.back();
      }
      if (!drawable(sum, axis_)) {  // a sum beyond what can be drawn
        dropped_ += clean.size();
        clean.clear();
        sum = 0.0;
      }
      values_.push_back(std::move(clean));
      sums_.push_back(sum);
      totals_.push_back(bar.total.empty() ? value_text(sum) : printable(bar.total));
      extent_.add(sum);
    }
    lay_out();
  }

  std::string draw() {
    const PlotHead head(bars_.title, legend(), width_);
    const double rows = static_cast<double>(bars_.bars.size());
    const double row = bar_height + bar_gap + (labels_above_ ? label_line : 0.0);
    const double top = head.bottom() + 4.0, bottom = top + std::max(rows, 1.0) * row;
    const std::string note = dropped_note();
    const double title_room = axis_.title.empty() ? 0.0 : 4.0;
    const double height =
        bottom + axis_room - (axis_.title.empty() ? 16.0 : 0.0) + (note.empty() ? 0.0 : label_line) + title_room;
    open_plot(svg_, {width_, height}, bars_.title, bars_.description);
    head.draw(svg_);
    if (!note.empty()) svg_.text({{"class", "dim"}, {"x", width_}, {"y", height - 4.0}, {"text-anchor", "end"}}, note);
    if (bars_.bars.empty()) {
      svg_.text({{"class", "dim"}, {"x", width_ / 2.0}, {"y", top + 20.0}, {"text-anchor", "middle"}}, "no data");
    } else {
      draw_bars(top, bottom, row);
    }
    svg_.close();
    return svg_.take();
  }

 private:
  std::string value_text(double value) const { return axis_.format ? axis_.format(value) : significant(value); }

  std::string dropped_note() const {
    if (dropped_ == 0) return {};
    return std::to_string(dropped_) + (dropped_ == 1 ? " value is" : " values are") +
           " not shown: negative or not finite";
  }

  void lay_out() {
    double label_width = 0.0, total_width = 0.0;
    for (std::size_t i = 0; i < totals_.size(); ++i) {
      label_width = std::max(label_width, text_width(printable(bars_.bars[i].label)));
      total_width = std::max(total_width, text_width(totals_[i]) * 1.06);  // it is bold
    }
    labels_above_ = label_width > 0.28 * width_;
    const bool beside = !labels_above_ && label_width > 0.0;
    left_ = beside ? label_width + 10.0 : text_width(value_text(0.0)) / 2.0 + 1.0;
    right_ = std::max(left_ + 60.0, width_ - std::max(total_width + 8.0, 20.0));
  }

  std::vector<LegendEntry> legend() const {
    std::vector<LegendEntry> entries;
    for (std::size_t part = 0; part < bars_.parts.size(); ++part) {
      const bool used = std::any_of(values_.begin(), values_.end(), [part](const std::vector<double>& values) {
        return part < values.size() && values[part] > 0.0;
      });
      if (used) entries.push_back({bars_.parts[part], Mark::swatch, colour_number(part)});
    }
    return entries;
  }

  void draw_bars(double top, double bottom, double row) {
    const Ticks ticks = x_ticks(axis_, extent_, right_ - left_);
    const Scale scale(ticks, left_, right_);
    svg_.leaf("rect", {{"class", "frame"},
                       {"x", left_},
                       {"y", top},
                       {"width", right_ - left_},
                       {"height", bottom - top},
                       {"fill", "none"}});
    draw_x_axis(svg_, axis_, ticks, scale, top, bottom);
    if (!axis_.title.empty()) {
      svg_.text({{"class", "dim"}, {"x", (left_ + right_) / 2.0}, {"y", bottom + 35.0}, {"text-anchor", "middle"}},
                axis_.title);
    }
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double y = top + static_cast<double>(i) * row + bar_gap / 2.0 + (labels_above_ ? label_line : 0.0);
      draw_bar(i, y, scale);
    }
    if (labels_above_) return;  // the labels stand where the line of zero would run
    svg_.line("axis", left_, top, left_, bottom);
  }

  void draw_bar(std::size_t index, double y, const Scale& scale) {
    const std::string label = printable(bars_.bars[index].label);
    const double middle = y + bar_height / 2.0 + 4.0;
    if (labels_above_)
      svg_.text({{"class", "halo"}, {"x", left_}, {"y", y - 5.0}}, fit_text(label, width_ - left_));
    else
      svg_.text({{"x", std::max(0.0, left_ - 9.0)}, {"y", middle}, {"text-anchor", "end"}}, label);
    double sum = 0.0;
    for (std::size_t part = 0; part < values_[index].size(); ++part) {
      const double value = values_[index][part];
      if (value > 0.0) draw_part(index, part, scale(sum), scale(sum + value), y);
      sum += value;
    }
    svg_.text({{"class", "strong halo"}, {"x", scale(sum) + 6.0}, {"y", middle}}, totals_[index]);
  }

  void draw_part(std::size_t index, std::size_t part, double from, double to, double y) {
    const double value = values_[index][part], share = value / sums_[index];
    const std::string number = std::to_string(colour_number(part));
    const std::string name = printable(bars_.parts[part]), text = bars_.shares ? percent(share) : value_text(value);
    const std::string tooltip =
        printable(bars_.bars[index].label) + "\n" + name + ": " + value_text(value) + " (" + percent(share) + ")";
    // A hairline of paper between parts; a part too thin for it keeps its width.
    const double gap = to - from > 3.0 ? 1.0 : 0.0;
    svg_.leaf("rect",
              {{"class", "part f" + number}, {"x", from}, {"y", y}, {"width", to - from - gap}, {"height", bar_height}},
              tooltip);
    if (text_width(text) + 8.0 > to - from) return;
    svg_.text({{"class", "t" + number},
               {"x", (from + to - gap) / 2.0},
               {"y", y + bar_height / 2.0 + 4.0},
               {"text-anchor", "middle"},
               {"pointer-events", "none"}},
              text);
  }

  const StackedBars& bars_;
  Axis axis_;
  double width_;
  Svg svg_;
  std::vector<std::vector<double>> values_;
  std::vector<double> sums_;
  std::vector<std::string> totals_;
  Extent extent_;
  std::size_t dropped_ = 0;
  bool labels_above_ = false;
  double left_ = 0.0, right_ = 0.0;
};

}  // namespace

std::string StackedBars::svg(PlotSize size) const { return BarsDrawing(*this, size).draw(); }

}  // namespace plumb::report

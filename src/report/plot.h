#pragma once
// Plots as SVG texts that need nothing from outside: they follow light and dark, scale with their box, and carry a
// title, a description for those who hear the page, and a tooltip on every mark.
//
// A plot is a plain struct: fill it and call svg(). HtmlPage::figure() draws it twice, for pages and for phones, and
// shows the one that fits. Values that cannot be drawn (NaN, infinite, not positive on a log axis) are left out, and
// the plot says how many. Same values, same bytes. Thread rule: svg() only reads.

#include "report/axis.h"
#include "report/line_plot.h"
#include "report/plot_size.h"
#include "report/scatter_plot.h"
#include "report/stacked_bars.h"

#pragma once
// A calibration as text, Markdown, JSON and a plot.

#include <string>

#include "calibration/calibration.h"
#include "report/table.h"

namespace plumb::cli {

/// Errors and parameters of every fit.
std::string calibration_text(const calibration::Calibrated& calibrated, const report::Style& style);
/// The table of errors, for docs/calibration.md.
std::string calibration_markdown(const calibration::Calibrated& calibrated);
/// docs/calibration.md names the fields.
std::string calibration_json(const calibration::Calibrated& calibrated);
/// Computed against measured time as SVG; of many points, evenly picked ones.
std::string calibration_plot(const calibration::Calibrated& calibrated);

}  // namespace plumb::cli

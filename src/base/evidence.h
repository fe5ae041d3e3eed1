#pragma once
// How good a number's evidence is. Every figure of the catalog and every result carries it.

#include <algorithm>
#include <string_view>

namespace plumb {

/// From best to worst, so that the evidence of a result is the maximum over what it rests on.
enum class Evidence {
  measured,   ///< calibrated on published or own measurements of this accelerator
  datasheet,  ///< a published figure, with a class-wide efficiency
  assumed,    ///< no source, or a source that is somebody's guess
};

constexpr Evidence worse(Evidence a, Evidence b) { return std::max(a, b); }

constexpr std::string_view evidence_name(Evidence evidence) {
  switch (evidence) {
    case Evidence::measured: return "measured";
    case Evidence::datasheet: return "datasheet";
    case Evidence::assumed: return "assumed";
  }
  return "assumed";
}

}  // namespace plumb

#pragma once
// The arithmetic in which a constraint's latency is written: "tCL + tBL + 2 - tCWL", "max(tRAS, tRCDRD + tRTP)",
// "4 * tRRDS". Numbers are clocks.

#include <functional>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/result.h"

namespace plumb::memory {

/// The value of a name, or nothing where it is unknown.
using NameValue = std::function<std::optional<double>(std::string_view)>;

/// Evaluates `text`. An error has no place but says what is wrong at which character: the caller knows where the text
/// stands.
[[nodiscard]] Result<double> evaluate(std::string_view text, const NameValue& value_of);

}  // namespace plumb::memory

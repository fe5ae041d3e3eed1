// Any bytes as a quantity, in every dimension that Plumb names. What is read is finite, means the same when it is
// written in the base unit and read again, and is read in one dimension only; what is not read has a message of one
// short line.

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include <fmt/format.h>

#include "base/unit.h"

namespace plumb {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr std::array<DimensionValue, 13> dimensions{dimension_of<Seconds>(),
                                                    dimension_of<PerSecond>(),
                                                    dimension_of<Bytes>(),
                                                    dimension_of<BytesPerSecond>(),
                                                    dimension_of<Flops>(),
                                                    dimension_of<FlopsPerSecond>(),
                                                    dimension_of<Joules>(),
                                                    dimension_of<Watts>(),
                                                    dimension_of<JoulesPerByte>(),
                                                    dimension_of<Dollars>(),
                                                    dimension_of<DollarsPerSecond>(),
                                                    dimension_of<DollarsPerJoule>(),
                                                    dimension_of<DollarsPerByte>()};

void check(std::string_view text) {
  int accepted = 0;
  for (const DimensionValue dimension : dimensions) {
    const Result<double> value = parse_in_dimension(text, dimension);
    if (!value) {
      require(!value.error().message.empty() && !value.error().expected.empty());
      const std::string line = one_line(value.error());
      require(line.find('\n') == std::string::npos && line.size() < 2000);
      continue;
    }
    ++accepted;
    require(std::isfinite(*value));
    if (std::fpclassify(*value) == FP_SUBNORMAL) continue;  // from_chars refuses them
    const Result<double> again = parse_in_dimension(fmt::format("{} {}", *value, base_unit(dimension)), dimension);
    require(again && *again == *value);
  }
  require(accepted <= 1);
}

}  // namespace
}  // namespace plumb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  plumb::check(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}

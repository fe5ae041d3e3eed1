#pragma once
// Number formats of weights, activations and the key-value cache: what they are called and what they occupy.

#include <array>
#include <optional>
#include <string_view>

namespace plumb {

enum class NumberFormat { fp32, tf32, bf16, fp16, fp8, int8, fp4, int4 };

inline constexpr std::array<std::string_view, 8> number_format_names{"fp32", "tf32", "bf16", "fp16",
                                                                     "fp8",  "int8", "fp4",  "int4"};

constexpr std::string_view number_format_name(NumberFormat format) {
  return number_format_names[static_cast<std::size_t>(format)];
}

constexpr std::optional<NumberFormat> number_format(std::string_view name) {
  for (std::size_t i = 0; i < number_format_names.size(); ++i) {
    if (number_format_names[i] == name) return static_cast<NumberFormat>(i);
  }
  return std::nullopt;
}

/// Bits of one number, without the scales that block formats store beside it (a model's quantisation knows those).
constexpr double format_bits(NumberFormat format) {
  switch (format) {
    case NumberFormat::fp32:
    case NumberFormat::tf32: return 32.0;
    case NumberFormat::bf16:
    case NumberFormat::fp16: return 16.0;
    case NumberFormat::fp8:
    case NumberFormat::int8: return 8.0;
    case NumberFormat::fp4:
    case NumberFormat::int4: return 4.0;
  }
  return 32.0;
}

}  // namespace plumb

// Bits of a stored weight, scales included, by method. Sources: OCP Microscaling specification 1.0 (MXFP4, MXFP8: an
// 8-bit scale per 32 numbers), NVIDIA's NVFP4 (an 8-bit scale per 16), DeepSeek-V3's report section 3.3 (FP8 with a
// scale per 128 x 128 block), the GPTQ and AWQ formats (a 16-bit scale and a zero point per group).

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/quantisation.h"

namespace plumb::model {
namespace {

constexpr Range bits_range{2, 8};
constexpr Range group_range{-1, 1 << 20};

/// What NVIDIA's ModelOpt calls its algorithms, with the usual size of a group; 0 is a scale per tensor or channel.
struct Algorithm {
  std::string_view name;
  NumberFormat format;
  double scale_bits;
  std::int64_t group;
  bool activations;
};
constexpr std::array<Algorithm, 16> algorithms{{
    {"FP8", NumberFormat::fp8, 0.0, 0, true},
    {"FP8_PER_CHANNEL_PER_TOKEN", NumberFormat::fp8, 0.0, 0, true},
    {"FP8_PB_WO", NumberFormat::fp8, 32.0, 128 * 128, false},
    {"MXFP8", NumberFormat::fp8, 8.0, 32, true},
    {"NVFP4", NumberFormat::fp4, 8.0, 16, true},
    {"NVFP4_AWQ", NumberFormat::fp4, 8.0, 16, true},
    {"W4A16_NVFP4", NumberFormat::fp4, 8.0, 16, false},
    {"MXFP4", NumberFormat::fp4, 8.0, 32, true},
    {"W4A8_MXFP4_FP8", NumberFormat::fp4, 8.0, 32, true},
    {"W4A16_AWQ", NumberFormat::int4, 16.0, 128, false},
    {"INT4_AWQ", NumberFormat::int4, 16.0, 128, false},
    {"W4A8_AWQ", NumberFormat::int4, 16.0, 128, true},
    {"W8A8_SQ_PER_CHANNEL", NumberFormat::int8, 0.0, 0, true},
    {"INT8_SQ", NumberFormat::int8, 0.0, 0, true},
    {"INT8", NumberFormat::int8, 0.0, 0, false},
    {"W8A16", NumberFormat::int8, 0.0, 0, false},
}};

double per_group(double scale_bits, std::int64_t group_size) {
  return group_size > 0 ? scale_bits / static_cast<double>(group_size) : 0.0;
}

Scheme fp8(Reader& table) {
  Scheme scheme{NumberFormat::fp8, 8.0, true};
  const std::vector<std::int64_t> block = table.integers("weight_block_size", {1, 1 << 16});
  const double scale_bits = table.text_if("scale_fmt").value_or("") == "ue8m0" ? 8.0 : 32.0;
  if (block.size() == 2) scheme.bits += scale_bits / static_cast<double>(block[0] * block[1]);
  return scheme;
}

/// AWQ, GPTQ and AutoRound: integers of `bits` with a 16-bit scale and a zero point per group.
Scheme grouped_integers(Reader& table) {
  const char* bits_key = table.has("w_bit") ? "w_bit" : "bits";
  const char* group_key = table.has("q_group_size") ? "q_group_size" : "group_size";
  const std::int64_t bits = table.integer(bits_key, bits_range);
  const std::int64_t group = table.integer_if(group_key, group_range).value_or(128);
  const double stored = static_cast<double>(bits);
  return {bits > 4 ? NumberFormat::int8 : NumberFormat::int4, stored + per_group(16.0 + stored, group), false};
}

/// One of compressed-tensors' groups: {num_bits, type, group_size, symmetric}, activations quantised or not.
Scheme compressed_group(Reader& group, const std::string& file_format) {
  Reader weights = group.table("weights");
  const std::int64_t bits = weights.integer("num_bits", bits_range);
  const bool floats = weights.text_if("type").value_or("int") == "float";
  const std::int64_t size = weights.integer_if("group_size", group_range).value_or(0);
  const std::string format = group.text_if("format").value_or(file_format);
  const bool narrow_scale = format.find("fp4") != std::string::npos || (floats && bits == 4);
  double scale_bits = narrow_scale ? 8.0 : 16.0;
  if (!floats && !weights.boolean_if("symmetric").value_or(true)) scale_bits += static_cast<double>(bits);
  Scheme scheme;
  scheme.format = floats ? (bits > 4 ? NumberFormat::fp8 : NumberFormat::fp4)
                         : (bits > 4 ? NumberFormat::int8 : NumberFormat::int4);
  scheme.bits = static_cast<double>(bits) + per_group(scale_bits, size);
  scheme.activations = group.has("input_activations");
  return scheme;
}

Scheme compressed_tensors(Reader& table) {
  const std::string format = table.text_if("format").value_or("");
  auto groups = table.table("config_groups").named_tables();
  if (groups.empty()) {
    table.reject("config_groups", "\"config_groups\" has no group", "a group with \"weights\"");
    return {};
  }
  return compressed_group(groups.front().second, format);
}

Scheme bits_and_bytes(Reader& table) {
  // QLoRA (arXiv 2305.14314, section 3): a 32-bit scale per 64 numbers, or 8 bits of it with double quantisation.
  if (table.boolean_if("load_in_8bit").value_or(false)) return {NumberFormat::int8, 8.0, true};
  const bool twice = table.boolean_if("bnb_4bit_use_double_quant").value_or(false);
  return {NumberFormat::fp4, 4.0 + (twice ? 8.0 / 64.0 + 32.0 / (64.0 * 256.0) : 32.0 / 64.0), false};
}

Scheme modelopt(Reader& table) {
  const std::string algorithm = table.text("quant_algo");
  const auto scheme = modelopt_scheme(algorithm, table.integer_if("group_size", group_range).value_or(0));
  if (scheme) return *scheme;
  if (table.ok())
    table.reject("quant_algo", fmt::format("\"quant_algo\" is \"{}\"", algorithm), "FP8, NVFP4, MXFP8, W4A16_AWQ, ...");
  return {};
}

}  // namespace

std::optional<Scheme> modelopt_scheme(std::string_view algorithm, std::int64_t group_size) {
  for (const Algorithm& known : algorithms) {
    if (known.name != algorithm) continue;
    const std::int64_t group = group_size > 0 && known.group > 0 ? group_size : known.group;
    return Scheme{known.format, format_bits(known.format) + per_group(known.scale_bits, group), known.activations};
  }
  return std::nullopt;
}

Scheme scheme_of(Reader& table, std::string_view method) {
  if (method == "fp8" || method == "fbgemm_fp8") return fp8(table);
  if (method == "mxfp4") return {NumberFormat::fp4, 4.0 + 8.0 / 32.0, false};
  if (method == "awq" || method == "gptq" || method == "auto-round") return grouped_integers(table);
  if (method == "compressed-tensors") return compressed_tensors(table);
  if (method == "bitsandbytes") return bits_and_bytes(table);
  if (method.starts_with("modelopt")) return modelopt(table);
  table.reject("quant_method", fmt::format("\"quant_method\" is \"{}\"", method),
               "fp8, mxfp4, compressed-tensors, awq, gptq, auto-round, bitsandbytes or modelopt");
  return {};
}

}  // namespace plumb::model

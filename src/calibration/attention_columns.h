#pragma once
// Tables of attention: the shapes that their columns speak of. Keys and values of heads have the columns heads,
// kv_heads, width and window (0: none); latents have heads alone, and DeepSeek's widths.

#include <array>
#include <string_view>

#include "accelerator/attention_cost.h"
#include "calibration/kernel_model.h"

namespace plumb::calibration {

inline constexpr std::array<std::string_view, 6> attention_decode_sizes{"sequences", "keys",  "heads",
                                                                        "kv_heads",  "width", "window"};
inline constexpr std::array<std::string_view, 6> attention_prefill_sizes{"sequences", "tokens", "heads",
                                                                         "kv_heads",  "width",  "window"};
inline constexpr std::array<std::string_view, 3> mla_decode_sizes{"sequences", "keys", "heads"};
inline constexpr std::array<std::string_view, 3> mla_prefill_sizes{"sequences", "tokens", "heads"};
/// `length` is keys or tokens, of each sequence.
enum AttentionColumn { sequences, length, heads, kv_heads, width, window };

enum class AttentionKind { heads, absorbed, expanded };
/// The shape of a point's attention with a cache of that format. Queries and outputs have 16 bits.
model::Attention attention_of(AttentionKind kind, std::string_view format, const KernelPoint& point);
/// The machine as such attention sees it, with the memory that was measured.
accelerator::AttentionMachine attention_machine(const Target& target, const model::Attention& shape);
/// How a step looks back over `window` keys; 0: over all.
model::Span span_of(double window);

}  // namespace plumb::calibration

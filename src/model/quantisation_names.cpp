// Which part of a model a module's name speaks of. Checkpoints name modules in a handful of ways (self_attn, attn,
// mixer, linear_attn; mlp, ffn, feed_forward, block_sparse_moe), as plain names, globs or regular expressions
// ("re:...").

#include <charconv>

#include "model/quantisation.h"

namespace plumb::model {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) {
    if (has(text, part)) return true;
  }
  return false;
}

std::optional<std::int64_t> layer_number(std::string_view name) {
  constexpr std::string_view before = "layers.";
  const std::size_t at = name.find(before);
  if (at == std::string_view::npos) return std::nullopt;
  const char* first = name.data() + at + before.size();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(first, name.data() + name.size(), number);
  return error == std::errc{} && end != first ? std::optional(number) : std::nullopt;
}

/// The name without trailing stars and dots of a glob or a regular expression.
std::string_view trimmed(std::string_view name) {
  while (!name.empty() && (name.back() == '*' || name.back() == '.')) name.remove_suffix(1);
  return name;
}

bool names_whole_layer(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  return has(name, "layers.") && !last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Attention counts as a whole when its output projection does, the largest of its matrices in all families.
ModulePart attention_part(std::string_view name) {
  if (has_any(name, {"q_proj", "k_proj", "v_proj", "qkv", "q_a", "q_b", "kv_a", "kv_b", "in_proj", "wq", "wkv"})) {
    return ModulePart::attention_partly;
  }
  return ModulePart::attention;
}

ModulePart part_of(std::string_view name) {
  // Norms, routers, convolutions, embeddings, heads and towers stay in full precision everywhere.
  if (has_any(name, {"norm", "indexer", "router", "bias", "conv1d", "embed", "vision", "visual", "projector", "mtp",
                     "lm_head", "shared_expert_gate", "in_proj_a", "in_proj_b"})) {
    return ModulePart::other;
  }
  if (has(name, "shared_expert") || has(name, "share_expert")) return ModulePart::shared;
  if (has(name, "experts")) return ModulePart::experts;
  if (has_any(name, {"self_attn", "linear_attn", ".attn"})) return attention_part(name);
  if (has(name, "mixer.")) {
    if (has_any(name, {"mixer.up_proj", "mixer.down_proj"})) return ModulePart::dense;
    return has_any(name, {"out_proj", "o_proj", "in_proj", "q_proj", "k_proj", "v_proj"}) ? attention_part(name)
                                                                                          : ModulePart::other;
  }
  if (has_any(name, {"gate_proj", "up_proj", "down_proj", "_proj.*", "gate_up", "w1", "w2", "w3"}))
    return ModulePart::dense;
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (last == "mlp" || last == "ffn" || last == "feed_forward") return ModulePart::dense;
  return names_whole_layer(name) ? ModulePart::layer : ModulePart::other;
}

}  // namespace

ModuleName module_name(std::string_view pattern) {
  const std::string_view name = trimmed(pattern);
  return {part_of(name), layer_number(name)};
}

}  // namespace plumb::model

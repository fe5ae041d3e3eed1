// DeciLM, Nemotron's Llama cut by architecture search: every layer has a width of its own, or no attention at all.

#include <cmath>

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

/// DeciLMConfig: two thirds of ffn_mult x hidden size, doubled, cut to a whole number and rounded up to a multiple of
/// 256.
std::int64_t width_of(double multiple, std::int64_t hidden) {
  const auto width = static_cast<std::int64_t>(2.0 * multiple * static_cast<double>(hidden) / 3.0);
  return (width + 255) / 256 * 256;
}

void read_attention(ConfigReader& config, Reader block, const Mixer& full, Layer& layer) {
  if (block.boolean_if("no_op").value_or(false)) {
    layer.mixer.kind = Mixer::Kind::none;
    return;
  }
  layer.norm_weights += config.model().hidden;
  if (block.boolean_if("replace_with_linear").value_or(false)) {
    layer.mixer.kind = Mixer::Kind::none;
    layer.other_weights += config.model().hidden * config.model().hidden;
    return;
  }
  layer.mixer = full;
  const std::int64_t group = block.integer("n_heads_in_group", head_count);
  if (group == 0) return;
  if (full.heads % group != 0) {
    block.reject("n_heads_in_group", fmt::format("\"n_heads_in_group\" is {}", group),
                 fmt::format("a divisor of {}, the heads", full.heads));
    return;
  }
  layer.mixer.kv_heads = full.heads / group;
  const auto window = block.integer_if("window_length", token_count);
  layer.mixer.span = window ? config.sliding_span(*window) : config.full_span();
}

void read_feed_forward(ConfigReader& config, Reader block, Layer& layer) {
  layer.feed_forward.kind = FeedForward::Kind::none;
  if (block.boolean_if("no_op").value_or(false)) return;
  layer.norm_weights += config.model().hidden;
  if (block.boolean_if("replace_with_linear").value_or(false)) {
    layer.other_weights += config.model().hidden * config.model().hidden;
    return;
  }
  layer.feed_forward.kind = FeedForward::Kind::dense;
  const double multiple = block.number("ffn_mult", {0.0, 16.0, true});
  layer.feed_forward.width = width_of(multiple, config.model().hidden);
  if (config.text().ok() && layer.feed_forward.width == 0) {
    block.reject("ffn_mult", fmt::format("\"ffn_mult\" is {}, which leaves no width", multiple));
  }
}

}  // namespace

void read_deci(ConfigReader& config) {
  config.defaults_of("DeciLMConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);
  Mixer full;
  full.heads = full.kv_heads = config.count("num_attention_heads", head_count);
  full.bias = full.output_bias = config.flag_or("attention_bias", false);
  if (config.text().ok() &&
      (model.hidden % full.heads != 0 || model.hidden / full.heads > static_cast<std::int64_t>(head_width.high))) {
    config.reject("num_attention_heads", fmt::format("\"num_attention_heads\" is {}", full.heads),
                  fmt::format("a divisor of {}, the hidden size", model.hidden));
  }
  std::vector<Reader> blocks = config.text().tables("block_configs");
  if (config.text().ok() && static_cast<std::int64_t>(blocks.size()) != layers) {
    config.reject("block_configs", fmt::format("\"block_configs\" has {} entries", blocks.size()),
                  fmt::format("one for each of {} layers", layers));
  }
  if (!config.text().ok()) return;
  full.key_width = full.value_width = model.hidden / full.heads;
  for (Reader& block : blocks) {
    Layer layer;
    read_attention(config, block.table("attention"), full, layer);
    read_feed_forward(config, block.table("ffn"), layer);
    model.layers.push_back(layer);
  }
  if (model.spans.empty()) config.full_span();
  model.other_weights = model.hidden;
}

}  // namespace plumb::model

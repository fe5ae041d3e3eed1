// EXAONE 3.0 and 3.5 (Llama's shape with field names of its own, num_layers among them) and EXAONE 4.0 (local and
// global layers, norms after the parts, norms of queries and keys).

#include <algorithm>

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

/// Which layers look back without a window, from sliding_window_pattern: a number n (every n-th layer is global) or
/// letters such as "LLLG" that repeat, after which the last layer is global.
std::vector<bool> global_layers(ConfigReader& config, std::int64_t layers) {
  std::vector<bool> global(static_cast<std::size_t>(layers), true);
  if (config.text().kind("sliding_window_pattern") == NodeKind::string) {
    const std::string pattern = config.text().text("sliding_window_pattern");
    if (pattern.empty() || pattern.find_first_not_of("LG") != std::string::npos) {
      config.reject("sliding_window_pattern", fmt::format("\"sliding_window_pattern\" is \"{}\"", pattern),
                    "the letters L (local) and G (global)");
      return global;
    }
    for (std::size_t i = 0; i + 1 < global.size(); ++i) global[i] = pattern[i % pattern.size()] == 'G';
    return global;
  }
  const auto every = static_cast<std::size_t>(config.count_or("sliding_window_pattern", layer_count, 4));
  for (std::size_t i = 0; i < global.size(); ++i) global[i] = (i + 1) % every == 0;
  return global;
}

std::vector<bool> global_by_type(ConfigReader& config, std::int64_t layers) {
  std::vector<bool> global;
  for (const std::string& type : config.words("layer_types", layers)) global.push_back(type != "sliding_attention");
  return global;
}

}  // namespace

void read_exaone(ConfigReader& config) {
  config.defaults_of("ExaoneConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false, "num_layers");

  Layer layer;
  layer.mixer = config.grouped_query();
  layer.mixer.span = config.full_span();
  layer.feed_forward = config.dense();
  layer.norm_weights = 2 * model.hidden;

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = model.hidden;
}

void read_exaone4(ConfigReader& config) {
  config.defaults_of("Exaone4Config");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query({.kv_heads = 32});
  layer.mixer.query_key_norm = true;
  layer.feed_forward = config.dense();
  layer.norm_weights = 2 * model.hidden + 2 * layer.mixer.key_width;
  // Null says that no layer has a window; absent, that the class's defaults hold.
  const std::vector<std::string> keys = config.text().keys();
  const bool stated = std::find(keys.begin(), keys.end(), "sliding_window") != keys.end();
  std::vector<bool> global(static_cast<std::size_t>(layers), true);
  std::int64_t window = 0;
  if (config.has("sliding_window") || !stated) {
    window = config.count_or("sliding_window", token_count, 4096);
    global = config.has("layer_types") ? global_by_type(config, layers) : global_layers(config, layers);
  }
  for (const bool whole : global) {
    layer.mixer.span = whole ? config.full_span() : config.sliding_span(window);
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
}

}  // namespace plumb::model

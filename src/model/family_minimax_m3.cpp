// MiniMax M3: grouped-query attention whose sparse layers attend to the best blocks of the context, picked by an
// indexer with one key per token (MiniMax Sparse Attention); experts with a shared one after a few dense layers.

#include "model/families.h"

namespace plumb::model {
namespace {

/// sparse_topk_blocks blocks of sparse_block_size tokens, counted as single tokens.
Layer sparse_layer(ConfigReader& config, Reader& sparse, Layer layer) {
  constexpr Range block_count{1, 1 << 20};
  Mixer& mixer = layer.mixer;
  mixer.index_heads = sparse.integer("sparse_num_index_heads", head_count);
  mixer.index_width = sparse.integer("sparse_index_dim", head_width);
  mixer.index_span = config.full_span();
  const std::int64_t tokens =
      sparse.integer("sparse_topk_blocks", block_count) * sparse.integer("sparse_block_size", block_count);
  mixer.span = config.span({.kind = Span::Kind::compressed, .ratio = 1, .limit = tokens});
  layer.norm_weights += 2 * mixer.index_width;
  return layer;
}

}  // namespace

void read_minimax_m3(ConfigReader& config) {
  config.defaults_of("MiniMaxM3Config");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer full;
  full.mixer = config.grouped_query();
  full.mixer.query_key_norm = config.flag_or("use_qk_norm", false);
  full.mixer.output_gate = config.flag_or("attention_output_gate", false);
  full.mixer.span = config.full_span();
  full.norm_weights = 2 * model.hidden + (full.mixer.query_key_norm ? 2 * full.mixer.key_width : 0);

  std::vector<std::int64_t> is_sparse(static_cast<std::size_t>(layers), 0);
  Layer sparse = full;
  if (auto table = config.text().table_if("sparse_attention_config")) {
    sparse = sparse_layer(config, *table, full);
    is_sparse = table->integers("sparse_attention_freq");
    if (config.text().ok() && static_cast<std::int64_t>(is_sparse.size()) != layers) {
      table->reject("sparse_attention_freq", "\"sparse_attention_freq\" does not have one entry a layer",
                    std::to_string(layers) + " entries");
    }
    is_sparse.resize(static_cast<std::size_t>(layers));
  }
  const char* width_key = config.has("moe_intermediate_size") ? "moe_intermediate_size" : "intermediate_size";
  FeedForward experts = config.experts("num_local_experts", "num_experts_per_tok", width_key);
  experts.shared_width =
      config.count("n_shared_experts", {0, 256}) * config.count("shared_intermediate_size", {0, inner_width.high});
  experts.router_bias = config.flag_or("use_routing_bias", false);
  const std::vector<std::int64_t> routed = config.numbers("moe_layer_freq", layers);
  for (std::size_t i = 0; i < routed.size(); ++i) {
    Layer layer = is_sparse[i] != 0 ? sparse : full;
    layer.feed_forward = routed[i] != 0 ? experts : config.dense("dense_intermediate_size");
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
  config.remark(
      "num_mtp_modules, num_nextn_predict_layers: multi-token prediction is left out, the file does not give its "
      "shape");
}

}  // namespace plumb::model

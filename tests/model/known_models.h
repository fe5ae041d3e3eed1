#pragma once
// Models whose shapes and parameter counts are public, put together by hand: one of each kind of layer. The shapes are
// those of the config.json files on huggingface.co, the counts those of the checkpoints there.

#include <functional>
#include <string>
#include <vector>

#include "model/model.h"

namespace plumb::model::test {

inline Mixer grouped_query(std::int64_t heads, std::int64_t kv_heads, std::int64_t width) {
  Mixer mixer;
  mixer.heads = heads;
  mixer.kv_heads = kv_heads;
  mixer.key_width = mixer.value_width = width;
  return mixer;
}

inline FeedForward dense(std::int64_t width) {
  FeedForward part;
  part.width = width;
  return part;
}

inline FeedForward experts(std::int64_t count, std::int64_t per_token, std::int64_t width, std::int64_t shared_width) {
  FeedForward part;
  part.kind = FeedForward::Kind::experts;
  part.experts = count;
  part.experts_per_token = per_token;
  part.width = width;
  part.shared_width = shared_width;
  return part;
}

inline Model llama(std::string name, std::size_t layers, std::int64_t hidden, std::int64_t heads, std::int64_t width,
                   std::int64_t vocabulary) {
  Model model;
  model.name = std::move(name);
  model.hidden = hidden;
  model.vocabulary = vocabulary;
  model.spans = {Span{}};
  model.layers.assign(layers, Layer{grouped_query(heads, 8, 128), dense(width), 2 * hidden, 0});
  model.other_weights = hidden;  // final norm
  return model;
}

inline Model llama_3_8b() { return llama("Llama-3-8B", 32, 4096, 32, 14336, 128256); }
inline Model llama_3_70b() { return llama("Llama-3-70B", 80, 8192, 64, 28672, 128256); }
inline Model llama_2_70b() { return llama("Llama-2-70B", 80, 8192, 64, 28672, 32000); }

inline Model mixtral_8x7b() {
  Model model = llama("Mixtral-8x7B", 32, 4096, 32, 14336, 32000);
  for (Layer& layer : model.layers) layer.feed_forward = experts(8, 2, 14336, 0);
  return model;
}

/// MLA, three dense layers, then 256 experts and a shared one.
inline Model deepseek_v3() {
  Model model;
  model.name = "DeepSeek-V3";
  model.hidden = 7168;
  model.vocabulary = 129280;
  model.spans = {Span{}};
  Mixer mixer;
  mixer.kind = Mixer::Kind::latent;
  mixer.heads = mixer.kv_heads = 128;
  mixer.key_width = mixer.value_width = 128;
  mixer.rope_width = 64;
  mixer.q_rank = 1536;
  mixer.kv_rank = 512;
  FeedForward routed = experts(256, 8, 2048, 2048);
  routed.router_bias = true;
  const std::int64_t norms = 2 * 7168 + 1536 + 512;
  model.layers.assign(3, Layer{mixer, dense(18432), norms, 0});
  model.layers.resize(61, Layer{mixer, routed, norms, 0});
  model.other_weights = 7168;
  model.quantisation.weights = model.quantisation.experts = NumberFormat::fp8;
  model.quantisation.weight_bits = model.quantisation.expert_bits = 8.0;
  model.quantisation.activations_too = true;
  model.quantisation.method = "fp8";
  return model;
}

/// DeepSeek-V3.2: the same with an indexer that picks 2048 keys.
inline Model deepseek_v3_2() {
  Model model = deepseek_v3();
  model.name = "DeepSeek-V3.2";
  model.spans = {Span{.kind = Span::Kind::compressed, .limit = 2048}, Span{}};
  for (Layer& layer : model.layers) {
    layer.mixer.index_heads = 64;
    layer.mixer.index_width = 128;
    layer.mixer.index_span = 1;
  }
  return model;
}

/// A sliding window of 128 on every other layer; biases, and attention sinks (64 a layer).
inline Model gpt_oss_20b() {
  Model model;
  model.name = "gpt-oss-20b";
  model.hidden = 2880;
  model.vocabulary = 201088;
  model.spans = {Span{.kind = Span::Kind::sliding, .window = 128}, Span{}};
  for (std::size_t i = 0; i < 24; ++i) {
    Layer layer{grouped_query(64, 8, 64), experts(32, 4, 2880, 0), 2 * 2880, 64};
    layer.mixer.bias = layer.mixer.output_bias = true;
    layer.mixer.span = i % 2;
    layer.feed_forward.bias = layer.feed_forward.router_bias = true;
    model.layers.push_back(layer);
  }
  model.other_weights = 2880;
  model.quantisation.experts = NumberFormat::fp4;
  model.quantisation.expert_bits = 4.25;
  return model;
}

/// Three gated delta nets, then one gated attention; 512 experts and a gated shared one.
inline Model qwen3_next_80b() {
  Model model;
  model.name = "Qwen3-Next-80B-A3B";
  model.hidden = 2048;
  model.vocabulary = 151936;
  model.spans = {Span{}, Span{.kind = Span::Kind::state}};
  FeedForward routed = experts(512, 10, 512, 512);
  routed.shared_gate = true;
  Mixer attention = grouped_query(16, 2, 256);
  attention.output_gate = attention.query_key_norm = true;
  Mixer delta;
  delta.kind = Mixer::Kind::linear;
  delta.heads = 32;
  delta.kv_heads = 16;
  delta.key_width = delta.value_width = 128;
  delta.conv_width = 4;
  delta.output_gate = true;
  delta.span = 1;
  for (std::size_t i = 0; i < 48; ++i) {
    const bool full = i % 4 == 3;
    // The norm of an attention's queries and keys, or of a delta net's output.
    model.layers.push_back(Layer{full ? attention : delta, routed, 2 * 2048 + (full ? 2 * 256 : 128), 0});
  }
  model.other_weights = 2048;
  return model;
}

/// Mamba-2, experts and attention, one thing a layer.
inline Model nemotron_3_nano() {
  Model model;
  model.name = "Nemotron-3-Nano-30B-A3B";
  model.hidden = 2688;
  model.vocabulary = 131072;
  model.spans = {Span{}, Span{.kind = Span::Kind::state}};
  Mixer mamba;
  mamba.kind = Mixer::Kind::mamba;
  mamba.heads = 64;
  mamba.value_width = 64;
  mamba.key_width = 128;
  mamba.groups = 8;
  mamba.conv_width = 4;
  mamba.span = 1;
  FeedForward routed = experts(128, 6, 1856, 3712);
  routed.gated = false;
  routed.router_bias = true;
  FeedForward nothing;
  nothing.kind = FeedForward::Kind::none;
  Mixer none;
  none.kind = Mixer::Kind::none;
  for (const char what : std::string("MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME")) {
    if (what == 'M') model.layers.push_back(Layer{mamba, nothing, 2688 + 4096, 0});
    if (what == '*') model.layers.push_back(Layer{grouped_query(32, 2, 128), nothing, 2688, 0});
    if (what == 'E') model.layers.push_back(Layer{none, routed, 2688, 0});
  }
  model.other_weights = 2688;
  return model;
}

/// DeepSeek-V4-Flash: one key that is its own value, entries of 4 or 128 tokens beside a window of 128.
inline Model deepseek_v4_flash() {
  Model model;
  model.name = "DeepSeek-V4-Flash";
  model.hidden = 4096;
  model.vocabulary = 129280;
  const auto entries = [](std::int64_t ratio, std::int64_t limit, std::int64_t window) {
    return Span{.kind = Span::Kind::compressed, .window = window, .ratio = ratio, .limit = limit};
  };
  model.spans = {Span{.kind = Span::Kind::sliding, .window = 128}, entries(4, 512, 128), entries(128, 0, 128),
                 entries(4, 0, 0)};
  Mixer window = grouped_query(64, 1, 512);
  window.q_rank = 1024;
  window.rope_width = 64;
  window.output_rank = 1024;
  window.output_groups = 8;
  window.keys_are_values = window.stored_once = true;
  Mixer sparse = window;
  sparse.span = 1;
  sparse.compressor_width = 4 * 512;
  sparse.index_heads = 64;
  sparse.index_width = 128;
  sparse.index_span = 3;
  Mixer coarse = window;
  coarse.span = 2;
  coarse.compressor_width = 2 * 512;
  for (std::size_t i = 0; i < 43; ++i) {
    const Mixer& mixer = i < 2 ? window : i % 2 == 0 ? sparse : coarse;
    model.layers.push_back(Layer{mixer, experts(256, 6, 2048, 2048), 2 * 4096 + 1024 + 512, 0});
  }
  model.other_weights = 4096;
  return model;
}

inline std::vector<Model> known_models() {
  return {llama_3_8b(),  llama_3_70b(),    mixtral_8x7b(),    deepseek_v3(),      deepseek_v3_2(),
          gpt_oss_20b(), qwen3_next_80b(), nemotron_3_nano(), deepseek_v4_flash()};
}

/// Work of all operators of a step on one rank.
inline Work total_work(const Model& model, const Step& step, const Parallelism& split = {}, int stage = 0,
                       const Precision& precision = {}, const std::function<bool(const Operator&)>& wanted = {}) {
  Work sum;
  for (const Operator& op : operators(model, precision, split, stage)) {
    if (wanted && !wanted(op)) continue;
    const Work work = work_of(op, step);
    sum.operations += work.operations;
    sum.weight_bytes += work.weight_bytes;
    sum.cache_bytes += work.cache_bytes;
    sum.activation_bytes += work.activation_bytes;
    sum.sent_bytes += work.sent_bytes;
    sum.launches += work.launches;
  }
  return sum;
}

inline bool multiplies_weights(const Operator& op) { return op.family == Family::gemm || op.family == Family::expert; }

/// The model without all that is no matrix: norms, biases, sinks. Convolutions and decays of linear layers stay.
inline Model without_vectors(Model model) {
  model.other_weights = 0;
  for (Layer& layer : model.layers) {
    layer.norm_weights = layer.other_weights = 0;
    layer.mixer.bias = layer.mixer.output_bias = false;
    layer.feed_forward.bias = layer.feed_forward.router_bias = false;
  }
  return model;
}

}  // namespace plumb::model::test

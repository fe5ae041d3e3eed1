// Any text as a config.json: it is read into a model whose sizes are within bounds and whose spans exist, or refused
// with one line; never a crash, a hang or an absurd amount of memory.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/model.h"

namespace {

using namespace plumb;
using namespace plumb::model;

void promise(bool kept) {
  if (!kept) std::abort();
}

void check(const Model& model, const Mixer& mixer) {
  for (const std::int64_t size : {mixer.heads, mixer.kv_heads, mixer.key_width, mixer.value_width, mixer.rope_width,
                                  mixer.q_rank, mixer.kv_rank, mixer.output_rank, mixer.output_groups, mixer.conv_width,
                                  mixer.groups, mixer.index_heads, mixer.index_width, mixer.compressor_width}) {
    promise(size >= 0);
  }
  if (mixer.kind == Mixer::Kind::none) return;
  promise(mixer.heads > 0 && mixer.span < model.spans.size());
  if (mixer.index_heads > 0) promise(mixer.index_span < model.spans.size());
}

void check(const FeedForward& part) {
  for (const std::int64_t size : {part.width, part.shared_width, part.latent_width, part.dense_width})
    promise(size >= 0);
  promise(part.experts_per_token >= 0 && part.experts_per_token <= part.experts);
  promise(part.kind == FeedForward::Kind::none || part.width > 0);
}

void check(const Model& model) {
  promise(!model.layers.empty() && model.layers.size() <= 1024 && model.spans.size() <= spans_max);
  promise(model.hidden > 0 && model.vocabulary > 0 && !model.architecture.empty());
  for (const std::vector<Layer>* layers : {&model.layers, &model.mtp_layers}) {
    for (const Layer& layer : *layers) {
      check(model, layer.mixer);
      check(layer.feed_forward);
      promise(layer.norm_weights >= 0 && layer.other_weights >= 0);
    }
  }
  const Quantisation& quantisation = model.quantisation;
  promise(quantisation.weight_bits > 0.0 && quantisation.weight_bits <= 64.0);
  promise(quantisation.expert_bits > 0.0 && quantisation.expert_bits <= 64.0);
  const ParameterCount count = parameter_count(model);
  promise(std::isfinite(count.total) && count.total > 0.0 && count.active <= count.total * (1.0 + 1e-12));
  promise(std::isfinite(weight_bytes(model, {}, {}, 0).value()));
  promise(std::isfinite(cache_bytes(model, cache_layout(model, {}, {}, 0), 100000)));
}

void check(const Error& error) {
  promise(error.fault == Fault::input && error.place.file == "config.json" && !error.message.empty());
  promise(one_line(error).find('\n') == std::string::npos);
  promise(!render(error).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = Document::parse_json(text, "config.json");
  if (!document) {
    check(document.error());
    return 0;
  }
  // The text serves as the file beside itself too, so that both readers see it.
  for (const Document* beside : {static_cast<const Document*>(nullptr), &*document}) {
    const auto model = parse_model(*document, beside);
    if (model) {
      check(*model);
    } else {
      check(model.error());
    }
  }
  return 0;
}

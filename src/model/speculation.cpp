#include "model/speculation.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

/// The index of `span` among `spans`, where it is added if it is new.
std::size_t index_of(const Span& span, std::vector<Span>& spans) {
  const auto found = std::find(spans.begin(), spans.end(), span);
  const auto index = static_cast<std::size_t>(found - spans.begin());
  if (found == spans.end()) spans.push_back(span);
  return index;
}

/// A layer's span, or none that it looks over, in another list of spans.
void move_spans(Mixer& mixer, const std::vector<Span>& from, std::vector<Span>& to) {
  if (mixer.kind == Mixer::Kind::none || from.empty()) return;
  mixer.span = index_of(from[mixer.span], to);
  mixer.index_span = mixer.index_heads > 0 ? index_of(from[mixer.index_span], to) : 0;
}

Result<Model> with_draft_model(Model target, Model draft) {
  if (draft.vocabulary != target.vocabulary) {
    return fail(unmet_error(fmt::format("the draft model {} has a vocabulary of {} tokens, {} one of {}", draft.name,
                                        draft.vocabulary, target.name, target.vocabulary)));
  }
  for (Layer& layer : draft.layers) move_spans(layer.mixer, draft.spans, target.spans);
  if (target.spans.size() > spans_max) {
    return fail(unmet_error(fmt::format("{} and its draft model {} have {} distinct spans together, {} are handled",
                                        target.name, draft.name, target.spans.size(), spans_max)));
  }
  draft.spans = target.spans;
  draft.speculation.reset();
  target.speculation->draft = std::make_shared<const Model>(std::move(draft));
  return target;
}

/// Names and runs of a drafter's operators: the first pass as they are, `further` more over one token a sequence.
void add_passes(const Operators& pass, double first, double further, Operators& to) {
  for (const Operator& op : pass) {
    Operator draft = op;
    draft.name = "draft " + op.name;
    draft.count = op.count * first;
    if (first > 0.0) to.push_back(draft);
    draft.count = op.count * further;
    draft.again = true;
    if (further > 0.0) to.push_back(std::move(draft));
  }
}

/// Passes of module `index` among `modules` in rounds of `tokens`: the first of them, and the further ones.
std::pair<double, double> passes_of(std::int64_t index, std::int64_t modules, std::int64_t tokens) {
  const std::int64_t all = tokens / modules + (index < tokens % modules ? 1 : 0);
  return {index == 0 ? 1.0 : 0.0, static_cast<double>(index == 0 ? all - 1 : all)};
}

void add_mtp(const Setting& setting, Operators& to) {
  const Model& model = setting.model;
  const std::int64_t modules = model.mtp_modules;
  const std::size_t each = model.mtp_layers.size() / static_cast<std::size_t>(modules);
  for (std::int64_t i = 0; i < modules; ++i) {
    Operators pass;
    add_embedding(setting, pass);
    // Norms of the hidden state and of the embedding, which are then one row of twice the width.
    add_elementwise(setting, "norms", 4 * model.hidden, pass);
    Weights projection;
    projection.matrices.push_back({.name = "projection", .part = Part::rest, .k = 2 * model.hidden, .n = model.hidden});
    add_matrices(setting, projection, false, pass);
    for (std::size_t j = 0; j < each; ++j) {
      add_layer(setting, model.mtp_layers[static_cast<std::size_t>(i) * each + j], pass);
    }
    add_head(setting, Rows::drafting, pass);
    const auto [first, further] = passes_of(i, modules, model.speculation->tokens);
    add_passes(pass, first, further, to);
  }
}

void add_draft_model(const Setting& setting, int tokens, Operators& to) {
  Operators pass;
  add_embedding(setting, pass);
  for (const Layer& layer : setting.model.layers) add_layer(setting, layer, pass);
  add_head(setting, Rows::drafting, pass);
  add_passes(pass, 1.0, tokens - 1.0, to);
}

}  // namespace

Result<Model> with_speculation(Model target, Speculation::Method method, int tokens, const Model* draft) {
  assert((draft != nullptr) == (method == Speculation::Method::draft));
  if (tokens == 0) return target;
  target.speculation = Speculation{method, tokens, nullptr};
  if (draft != nullptr) return with_draft_model(std::move(target), *draft);
  if (method == Speculation::Method::mtp && target.mtp_modules == 0) {
    return fail(unmet_error(fmt::format("{} has no layers of multi-token prediction", target.name),
                            "num_nextn_predict_layers of 1 and more in its config.json, or another method"));
  }
  return target;
}

std::span<const Layer> drafter_layers(const Model& model) {
  if (!model.speculation) return {};
  switch (model.speculation->method) {
    case Speculation::Method::mtp: return model.mtp_layers;
    case Speculation::Method::draft: return model.speculation->draft->layers;
    case Speculation::Method::ngram: return {};
  }
  return {};
}

Setting drafter_setting(const Setting& setting) {
  const std::shared_ptr<const Model>& draft = setting.model.speculation->draft;
  if (draft == nullptr) return setting;
  return Setting(*draft, {.cache = setting.cache}, drafter_parallelism(setting.model, setting.parallelism));
}

Parallelism drafter_parallelism(const Model& model, const Parallelism& parallelism) {
  if (!model.speculation || model.speculation->draft == nullptr) return parallelism;
  Parallelism alone = parallelism;
  alone.pipeline = 1;
  alone.routing = nullptr;
  return alone;
}

void add_drafter(const Setting& setting, Operators& to) {
  if (drafter_layers(setting.model).empty()) return;
  const Speculation& speculation = *setting.model.speculation;
  if (speculation.draft == nullptr) return add_mtp(setting, to);
  add_draft_model(drafter_setting(setting), speculation.tokens, to);
}

double drafter_weight_bytes(const Setting& setting, bool has_embedding) {
  if (drafter_layers(setting.model).empty()) return 0.0;
  const Model& model = setting.model;
  if (const auto& draft = model.speculation->draft) {
    return weight_bytes(*draft, {}, drafter_parallelism(model, setting.parallelism), 0).value();
  }
  const double rest_bytes = setting.bits(Part::rest) / 8.0;
  double bytes = static_cast<double>(model.mtp_extra_weights) * rest_bytes;
  for (const Layer& layer : model.mtp_layers) bytes += layer_weight_bytes(setting, layer);
  // Embedding and LM head are the model's own; a last stage that has no embedding needs a copy, unless it is the head.
  if (!has_embedding && !model.tied_embeddings) bytes += vocabulary_bytes(setting);
  return bytes;
}

}  // namespace plumb::model

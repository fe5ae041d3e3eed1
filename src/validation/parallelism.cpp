#include "validation/parallelism.h"

#include <algorithm>

#include "validation/words.h"

namespace plumb::validation {
namespace {

constexpr double ranks_max = 65536.0;

std::optional<int> rank_count(std::string_view words) {
  const std::optional<double> number = first_number(words);
  if (!number || *number < 1.0 || *number > ranks_max || *number != static_cast<int>(*number)) return std::nullopt;
  return static_cast<int>(*number);
}

bool has_experts(const model::Model& model) {
  return std::any_of(model.layers.begin(), model.layers.end(), [](const model::Layer& layer) {
    return layer.feed_forward.kind == model::FeedForward::Kind::experts;
  });
}

}  // namespace

ParallelismWords parallelism_of(std::string_view text) {
  ParallelismWords words;
  words.disaggregated = says_word(text, "prefill") || says_word(text, "decode");
  words.alternatives = text.find('|') != std::string_view::npos;
  words.cores = says_word(text, "cores");
  if (words.disaggregated) return words;
  if (says_word(text, "single")) {
    words.tensor = 1;
    words.stated = true;
  }
  for (const std::string_view part : parts_of(text, ",;")) {
    const std::size_t sign = part.find('=');
    if (sign == std::string_view::npos) continue;
    const std::string key = squeezed(part.substr(0, sign));
    const std::optional<int> count = rank_count(part.substr(sign + 1));
    if (!count) continue;
    if (key == "tp") words.tensor = count;
    if (key == "pp") words.pipeline = count;
    if (key == "dp") words.data = count;
    if (key == "attentiondp" || key == "adp") words.attention_data = count;
    if (key == "ep") words.expert = count;
    if (key == "mtp") words.speculative = true;
    words.stated = words.stated || key == "tp" || key == "pp" || key == "ep" || key == "attentiondp" || key == "adp";
  }
  return words;
}

std::optional<Layout> layout_of(const ParallelismWords& words, std::optional<std::int64_t> devices,
                                const model::Model& model) {
  if (words.disaggregated || words.alternatives) return std::nullopt;
  if (!words.stated && devices != 1) return std::nullopt;
  const bool experts = has_experts(model);
  Layout layout;
  layout.split.tensor = words.tensor.value_or(1);
  layout.split.pipeline = words.pipeline.value_or(1);
  layout.split.expert = experts && words.expert.value_or(1) > 1;
  if (words.attention_data && experts) layout.split.data = *words.attention_data;
  // "ep=8" by itself: as many data-parallel ranks share the experts.
  if (!words.tensor && !words.attention_data && layout.split.expert) layout.split.data = *words.expert;
  if (words.cores && devices) {  // a chip's cores share its memory: they are one rank
    layout.split.tensor = static_cast<int>(*devices);
    return layout;
  }
  if (!devices) {
    layout.replicas = words.data.value_or(1);
    return layout;
  }
  // "tp=8,attention_dp=8,ep=8" on 8 devices: the ranks of attention's data parallelism are those of TP.
  if (layout.split.ranks() > *devices && layout.split.tensor == layout.split.data && layout.split.tensor == *devices) {
    layout.split.tensor = 1;
  }
  if (*devices % layout.split.ranks() != 0) return std::nullopt;
  const auto over = static_cast<int>(*devices / layout.split.ranks());
  // Twice the words for it: data parallelism of engines, or what is left of the devices.
  if (over > 1 && experts && layout.split.tensor == 1 && layout.split.data == 1 && layout.split.pipeline == 1 &&
      !words.data) {
    layout.split.data = over;
    layout.split.expert = true;
    layout.assumed = true;
  } else {
    layout.replicas = over;
  }
  return layout;
}

}  // namespace plumb::validation

#include "model/quantisation.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

constexpr std::size_t parts = 4;  // attention, dense, shared, experts

std::optional<std::size_t> index_of(ModulePart part) {
  switch (part) {
    case ModulePart::attention: return 0;
    case ModulePart::dense: return 1;
    case ModulePart::shared: return 2;
    case ModulePart::experts: return 3;
    default: return std::nullopt;
  }
}

/// How many layers of a model have each part.
std::array<std::size_t, parts> layers_with_part(const Model& model) {
  std::array<std::size_t, parts> count{};
  for (const Layer& layer : model.layers) {
    const FeedForward& feed_forward = layer.feed_forward;
    count[0] += layer.mixer.kind != Mixer::Kind::none;
    count[1] += feed_forward.kind == FeedForward::Kind::dense || feed_forward.dense_width > 0;
    count[2] += feed_forward.kind == FeedForward::Kind::experts && feed_forward.shared_width > 0;
    count[3] += feed_forward.kind == FeedForward::Kind::experts;
  }
  return count;
}

/// For each part, whether names speak of at least half of the layers that have it.
struct Spoken {
  std::array<bool, parts> of{};
  bool attention_partly = false;
};

Spoken spoken_of(const Model& model, const std::vector<std::string>& names) {
  const auto layers = static_cast<std::int64_t>(model.layers.size());
  std::array<std::set<std::int64_t>, parts> named;
  Spoken spoken;
  const auto add = [&](std::size_t part, std::optional<std::int64_t> layer) {
    for (std::int64_t i = layer.value_or(0); i <= layer.value_or(layers - 1); ++i) named[part].insert(i);
  };
  for (const std::string& text : names) {
    const ModuleName name = module_name(text);
    if (name.layer && *name.layer >= layers) continue;  // multi-token prediction comes after the last layer
    if (name.part == ModulePart::attention_partly) spoken.attention_partly = true;
    for (std::size_t part = 0; part < parts; ++part) {
      if (name.part == ModulePart::layer || index_of(name.part) == part) add(part, name.layer);
    }
  }
  const std::array<std::size_t, parts> all = layers_with_part(model);
  for (std::size_t part = 0; part < parts; ++part)
    spoken.of[part] = all[part] > 0 && 2 * named[part].size() >= all[part];
  return spoken;
}

/// The scheme that each part is stored in; absent is `rest`.
using PartSchemes = std::array<std::optional<Scheme>, parts>;

/// Parameters of attention, and of dense and shared feed-forward parts.
std::pair<double, double> linear_parameters(const Model& model) {
  double attention = 0.0, feed_forward = 0.0;
  for (const Layer& layer : model.layers) {
    for (const Matrix& matrix : mixer_weights(model, layer.mixer, {}).matrices) {
      if (matrix.stored) attention += matrix.numbers();
    }
    for (const Matrix& matrix : feed_forward_weights(model, layer.feed_forward, {}).matrices) {
      if (matrix.part == Part::linear) feed_forward += matrix.numbers();
    }
  }
  return {attention, feed_forward};
}

void set_schemes(ConfigReader& config, const PartSchemes& schemes) {
  Model& model = config.model();
  Quantisation& quantisation = model.quantisation;
  const std::array<std::size_t, parts> has = layers_with_part(model);
  const std::optional<Scheme>& attention = schemes[0];
  const std::optional<Scheme> feed_forward = has[1] > 0 && schemes[1] ? schemes[1]
                                             : has[2] > 0             ? schemes[2]
                                                                      : std::nullopt;
  if (has[3] > 0 && schemes[3]) {
    quantisation.experts = schemes[3]->format;
    quantisation.expert_bits = schemes[3]->bits;
  }
  quantisation.attention_excluded = !attention && has[0] > 0;
  const std::optional<Scheme> linear = feed_forward ? feed_forward : attention;
  if (linear) {
    quantisation.weights = linear->format;
    quantisation.weight_bits = linear->bits;
  }
  if (attention && feed_forward && attention->bits != feed_forward->bits) {
    const auto [of_attention, of_feed_forward] = linear_parameters(model);
    if (of_attention > of_feed_forward) quantisation.weights = attention->format;
    quantisation.weight_bits =
        (of_attention * attention->bits + of_feed_forward * feed_forward->bits) / (of_attention + of_feed_forward);
    config.remark(
        fmt::format("attention is stored in {:.4g} bits and the feed-forward parts in {:.4g}: {:.4g} on average",
                    attention->bits, feed_forward->bits, quantisation.weight_bits));
  }
  if (!feed_forward && attention && has[1] + has[2] > 0) {
    config.remark("only attention is quantised; dense feed-forward parts are counted as if they were too");
  }
  const std::optional<Scheme>& largest = has[3] > 0 && schemes[3] ? schemes[3] : linear;
  quantisation.activations_too = largest && largest->activations;
}

PartSchemes all_but_excluded(ConfigReader& config, const Scheme& scheme, const std::vector<std::string>& excluded) {
  const Spoken spoken = spoken_of(config.model(), excluded);
  PartSchemes schemes;
  for (std::size_t part = 0; part < parts; ++part) {
    if (!spoken.of[part]) schemes[part] = scheme;
  }
  if (spoken.attention_partly && !spoken.of[0]) {
    config.remark("some projections of attention are not quantised; all are counted as if they were");
  }
  return schemes;
}

/// ModelOpt's MIXED_PRECISION: the algorithm that most of a part's modules have.
PartSchemes schemes_by_layer(ConfigReader& config, Reader& table, std::optional<Scheme> base) {
  std::array<std::map<std::string, std::pair<std::size_t, Scheme>>, parts> votes;
  for (auto& [name, entry] : table.table("quantized_layers").named_tables()) {
    if (name == "lm_head") config.remark("lm_head is quantised; it is counted like the embeddings, which are not");
    ModulePart part = module_name(name).part;
    if (part == ModulePart::attention_partly) part = ModulePart::attention;
    const auto index = index_of(part);
    if (!index) continue;
    const std::string algorithm = entry.text("quant_algo");
    const auto scheme = modelopt_scheme(algorithm, entry.integer_if("group_size", {-1, 1 << 20}).value_or(0));
    if (!scheme)
      entry.reject("quant_algo", fmt::format("\"quant_algo\" is \"{}\"", algorithm),
                   "FP8, NVFP4, MXFP8, W4A16_AWQ, ...");
    if (!scheme) return {};
    auto& [count, voted] = votes[*index][algorithm];
    ++count;
    voted = *scheme;
  }
  PartSchemes schemes;
  schemes.fill(base);
  for (std::size_t part = 0; part < parts; ++part) {
    std::size_t most = 0;
    for (const auto& [algorithm, vote] : votes[part]) {
      if (vote.first > most) {
        most = vote.first;
        schemes[part] = vote.second;
      }
    }
  }
  return schemes;
}

std::vector<std::string> exclusions(Reader& table) {
  std::vector<std::string> all;
  for (const char* key : {"ignore", "modules_to_not_convert", "exclude_modules"}) {
    for (std::string& name : table.texts(key)) all.push_back(std::move(name));
  }
  return all;
}

/// kv_cache_quant_algo: "FP8", or kv_cache_scheme: "FP8" or {"num_bits": 8, "type": "float"}.
std::optional<NumberFormat> cache_format_of(Reader& table) {
  if (table.kind("kv_cache_scheme") == NodeKind::table) {
    Reader scheme = table.table("kv_cache_scheme");
    const std::int64_t bits = scheme.integer("num_bits", {4, 16});
    const bool floats = scheme.text_if("type").value_or("float") == "float";
    if (bits == 8) return floats ? NumberFormat::fp8 : NumberFormat::int8;
    if (bits == 4) return floats ? NumberFormat::fp4 : NumberFormat::int4;
    return std::nullopt;
  }
  const char* key = table.has("kv_cache_quant_algo") ? "kv_cache_quant_algo" : "kv_cache_scheme";
  const auto name = table.text_if(key);
  if (!name || *name == "none" || *name == "None") return std::nullopt;
  if (*name == "FP8" || *name == "fp8") return NumberFormat::fp8;
  if (*name == "NVFP4" || *name == "FP4") return NumberFormat::fp4;
  if (*name == "INT8" || *name == "int8") return NumberFormat::int8;
  table.reject(key, fmt::format("\"{}\" is \"{}\"", key, *name), "FP8, NVFP4 or INT8");
  return std::nullopt;
}

/// A quantization_config, or the "quantization" of an hf_quant_config.json.
void read_table(ConfigReader& config, Reader& table) {
  Quantisation& quantisation = config.model().quantisation;
  const bool has_method = table.has("quant_method");
  // ModelOpt's older files give an algorithm and no method.
  if (!has_method && !table.has("quant_algo")) {
    table.text("quant_method");
    return;
  }
  quantisation.method = has_method ? table.text("quant_method") : "modelopt";
  quantisation.cache = cache_format_of(table);
  const bool mixed = table.text_if("quant_algo").value_or("") == "MIXED_PRECISION";
  const bool has_base = !mixed || !std::string_view(quantisation.method).starts_with("modelopt");
  std::optional<Scheme> base;
  if (has_base) base = scheme_of(table, quantisation.method);
  PartSchemes schemes =
      mixed ? schemes_by_layer(config, table, base) : all_but_excluded(config, *base, exclusions(table));
  if (!mixed && config.text().text_if("expert_dtype").value_or("") == "fp4") {
    schemes[3] = Scheme{NumberFormat::fp4, 4.0 + 8.0 / 32.0, base->activations};  // DeepSeek V4: an 8-bit scale per 32
  }
  if (table.ok()) set_schemes(config, schemes);
}

/// The format of `dtype` or, in older files, `torch_dtype`.
NumberFormat stated_dtype(ConfigReader& config) {
  for (Reader* table : {&config.text(), &config.file()}) {
    for (const char* key : {"dtype", "torch_dtype"}) {
      const auto name = table->text_if(key);
      if (!name) continue;
      if (*name == "bfloat16") return NumberFormat::bf16;
      if (*name == "float16" || *name == "half") return NumberFormat::fp16;
      if (*name == "float32" || *name == "float") return NumberFormat::fp32;
      table->reject(key, fmt::format("\"{}\" is \"{}\"", key, *name), "bfloat16, float16 or float32");
    }
  }
  if (config.text().ok()) config.remark("dtype is absent: bfloat16 is taken");
  return NumberFormat::bf16;
}

}  // namespace

Status read_quantisation(ConfigReader& config, const Document* quant_config) {
  Quantisation& quantisation = config.model().quantisation;
  quantisation.rest = quantisation.weights = quantisation.experts = stated_dtype(config);
  quantisation.weight_bits = quantisation.expert_bits = format_bits(quantisation.rest);
  std::optional<Reader> stated = config.text().table_if("quantization_config");
  if (!stated) stated = config.file().table_if("quantization_config");
  if (stated) read_table(config, *stated);
  PLUMB_TRY(config.text().first_error());
  if (quant_config == nullptr) return {};

  // What config.json states holds; the file beside it adds what is not stated there, often the cache's format.
  Reader side(*quant_config);
  Reader table = side.table("quantization");
  if (side.ok() && !stated) read_table(config, table);
  if (side.ok() && !quantisation.cache) quantisation.cache = cache_format_of(table);
  PLUMB_TRY(side.first_error());
  return config.text().first_error();
}

}  // namespace plumb::model

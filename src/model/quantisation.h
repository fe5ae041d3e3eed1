#pragma once
// What a checkpoint stores its weights in: "quantization_config" of config.json, NVIDIA's hf_quant_config.json, the
// dtype. Inside this room only.

#include "base/document.h"
#include "model/config_reader.h"

namespace plumb::model {

/// Sets Model::quantisation. Precondition: the family's function has run, without an error.
[[nodiscard]] Status read_quantisation(ConfigReader& config, const Document* quant_config);

/// A storage format with its scales, and whether products run in it too.
struct Scheme {
  NumberFormat format = NumberFormat::bf16;
  double bits = 16.0;
  bool activations = false;
};

/// The scheme of a table that has "quant_method" or "quant_algo"; errors stay in the reader.
Scheme scheme_of(Reader& table, std::string_view method);
/// The scheme of a ModelOpt algorithm such as NVFP4; nothing if it is not known.
std::optional<Scheme> modelopt_scheme(std::string_view algorithm, std::int64_t group_size);

/// Parts of a model that exclusion lists and lists of quantised layers speak of.
enum class ModulePart { attention, attention_partly, dense, shared, experts, layer, other };

/// What a name such as "model.layers.3.self_attn.o_proj", a glob or a regular expression speaks of.
struct ModuleName {
  ModulePart part = ModulePart::other;
  std::optional<std::int64_t> layer;  ///< absent: all of them
};
ModuleName module_name(std::string_view pattern);

}  // namespace plumb::model

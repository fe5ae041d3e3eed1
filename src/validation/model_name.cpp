#include "validation/model_name.h"

#include <algorithm>
#include <array>

#include "base/document.h"
#include "base/reader.h"
#include "catalog/builtin_files.h"
#include "validation/words.h"

namespace plumb::validation {
namespace {

/// Words at the end of a name that say how a model was tuned or stored, not what shape it has.
bool says_no_shape(std::string_view word) {
  static constexpr std::array<std::string_view, 34> words{
      "instruct", "chat",    "it",   "hf",    "base",      "fp8",    "fp4",   "nvfp4", "mxfp4",
      "awq",      "gptq",    "int4", "int8",  "bf16",      "fp16",   "w4a16", "w8a8",  "dynamic",
      "thinking", "preview", "kv",   "quark", "quantized", "static", "tuned", "text",  "meta",
      "99",       "0",       "ot",   "v01",   "v02",       "v03",    "exp"};
  if (std::find(words.begin(), words.end(), word) != words.end()) return true;
  const bool digits = std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && word.size() == 4;  // a month: 2407, 2507, 0528
}

const catalog::BuiltinFile* find_file(std::string_view name) {
  for (const catalog::BuiltinFile& file : catalog::builtin_files()) {
    if (file.folder == catalog::models_folder && file.name == name) return &file;
  }
  return nullptr;
}

constexpr std::array variant_formats{NumberFormat::fp8, NumberFormat::fp4};

}  // namespace

std::string plain_model_name(std::string_view name) {
  if (const std::size_t bracket = name.find_first_of("("); bracket != std::string_view::npos) {
    name = name.substr(0, bracket);
  }
  if (const std::size_t owner = name.rfind('/'); owner != std::string_view::npos) name.remove_prefix(owner + 1);
  std::vector<std::string_view> parts = parts_of(name, "-_ ");
  if (parts.size() > 1 && lower_case(parts.front()) == "meta") parts.erase(parts.begin());
  while (parts.size() > 1 && says_no_shape(squeezed(parts.back()))) parts.pop_back();
  // MLPerf writes the accuracy behind the name: llama2-70b-99.9.
  if (parts.size() > 1 && parts.back() == "99.9") parts.pop_back();
  std::string plain;
  for (const std::string_view part : parts) plain += squeezed(part);
  return plain;
}

Result<ModelShelf> ModelShelf::builtin() {
  ModelShelf shelf;
  const catalog::BuiltinFile* list = find_file("models");
  if (list == nullptr) return fail(machine_error({"catalog/models/models.toml", 0, 0}, "not in the program"));
  PLUMB_ASSIGN(const Document document, Document::parse_toml(list->text, std::string(list->path)));
  Reader root(document);
  for (auto& [key, table] : root.named_tables()) {
    const catalog::BuiltinFile* file = find_file(key);
    if (file == nullptr) return fail(root.error(key, key + ".json is missing"));
    PLUMB_ASSIGN(const Document config, Document::parse_json(file->text, std::string(file->path)));
    PLUMB_ASSIGN(model::Model model, model::parse_model(config));
    model.name = key;
    Entry& entry = shelf.models_[key];
    entry.model = std::make_shared<const model::Model>(std::move(model));
    for (const NumberFormat format : variant_formats) {
      if (auto other = table.text_if(number_format_name(format))) entry.variants[format] = *std::move(other);
    }
    table.text("source");
    shelf.names_.emplace(plain_model_name(key), key);
    for (const std::string& alias : table.texts("aliases")) shelf.names_.emplace(plain_model_name(alias), key);
  }
  PLUMB_TRY(root.finish());
  for (const auto& [key, entry] : shelf.models_) {
    for (const auto& [format, other] : entry.variants) {
      if (!shelf.models_.contains(other)) return fail(root.error(key, "names no model: " + other));
    }
  }
  return shelf;
}

std::optional<std::string> ModelShelf::key_of(std::string_view name) const {
  const auto found = names_.find(plain_model_name(name));
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

std::shared_ptr<const model::Model> ModelShelf::model(const std::string& key,
                                                      std::optional<NumberFormat> weights) const {
  const Entry& entry = models_.at(key);
  if (!weights) return entry.model;
  const auto variant = entry.variants.find(*weights);
  return variant == entry.variants.end() ? entry.model : models_.at(variant->second).model;
}

std::vector<std::string> ModelShelf::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : models_) keys.push_back(key);
  return keys;
}

}  // namespace plumb::validation

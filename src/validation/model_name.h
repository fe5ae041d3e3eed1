#pragma once
// Published models by the names that results give them: the config.json files of catalog/models, found by key.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/number_format.h"
#include "base/result.h"
#include "model/model.h"

namespace plumb::validation {

/// A model's name as it is compared: lower case, without its owner ("meta-llama/"), without words that do not change
/// the shape (-instruct, -chat, -fp8, a date such as -2507), without punctuation. "Llama-3.1-70B-Instruct-FP8" and
/// "llama3.1-70b" are both "llama3170b".
std::string plain_model_name(std::string_view name);

/// Thread rule: immutable once made.
class ModelShelf {
 public:
  /// The models that the program carries. An error is a fault of a carried file.
  [[nodiscard]] static Result<ModelShelf> builtin();

  /// The key of the model of that name, by its key or an alias; nothing if none is.
  std::optional<std::string> key_of(std::string_view name) const;

  /// The model of a key that key_of gave, as its checkpoint has it; for the format `weights`, the checkpoint that is
  /// known to be published in it, else the same.
  std::shared_ptr<const model::Model> model(const std::string& key,
                                            std::optional<NumberFormat> weights = std::nullopt) const;

  std::size_t size() const { return models_.size(); }
  std::vector<std::string> keys() const;

 private:
  struct Entry {
    std::shared_ptr<const model::Model> model;
    std::map<NumberFormat, std::string> variants;
  };
  std::map<std::string, Entry> models_;
  std::map<std::string, std::string> names_;  ///< plain name -> key
};

}  // namespace plumb::validation

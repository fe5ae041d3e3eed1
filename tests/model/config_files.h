#pragma once
// The configurations of tests/data/models, and texts written in a test.

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/document.h"
#include "base/error.h"
#include "model/model.h"

namespace plumb::model::test {

inline std::string models_folder() { return std::string(PLUMB_SOURCE_DIR "/tests/data/models/"); }

/// The model of a file of tests/data/models, such as "hf/Qwen--Qwen3-8B.json".
inline Model load(const std::string& file) {
  const Result<Model> model = read_model(models_folder() + file);
  if (!model) ADD_FAILURE() << one_line(model.error());
  return model ? *model : Model{};
}

/// The same with a file of tests/data/models/hf_quant beside it.
inline Model load_with(const std::string& file, const std::string& quant_file) {
  const Result<Document> config = Document::read_json(models_folder() + file);
  const Result<Document> quant = Document::read_json(models_folder() + "hf_quant/" + quant_file);
  if (!config || !quant) {
    ADD_FAILURE() << one_line(config ? quant.error() : config.error());
    return {};
  }
  const Result<Model> model = parse_model(*config, &*quant);
  if (!model) ADD_FAILURE() << one_line(model.error());
  return model ? *model : Model{};
}

inline Result<Model> parse(const std::string& text) {
  const Result<Document> document = Document::parse_json(text, "config.json");
  if (!document) return fail(document.error());
  return parse_model(*document);
}

/// The one line that a text is refused with, or an empty one where it is understood.
inline std::string refusal(const std::string& text) {
  const Result<Model> model = parse(text);
  return model ? std::string() : one_line(model.error());
}

inline std::set<std::string> files_of(const std::string& folder) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(models_folder() + folder)) {
    if (entry.path().extension() == ".json") files.insert(entry.path().filename().string());
  }
  return files;
}

}  // namespace plumb::model::test

#pragma once
// Lengths given as the text of a [lengths] table.

#include <string>

#include "base/document.h"
#include "base/reader.h"
#include "workload/lengths.h"

namespace plumb::workload {

inline const std::string data = PLUMB_SOURCE_DIR "/tests/data/workload/";

inline Result<LengthSamplerPtr> sampler_of(const std::string& toml, const std::string& folder = data) {
  PLUMB_ASSIGN(const Document document, Document::parse_toml(toml, "lengths.toml"));
  Reader table(document);
  PLUMB_ASSIGN(LengthSamplerPtr sampler, read_lengths(table, folder));
  PLUMB_TRY(table.finish());
  return sampler;
}

inline std::string lengths_error(const std::string& toml) {
  const Result<LengthSamplerPtr> sampler = sampler_of(toml);
  return sampler ? "no error" : one_line(sampler.error());
}

inline std::string prompt_error(const std::string& prompt) {
  return lengths_error("prompt = " + prompt + "\noutput = { distribution = \"fixed\", tokens = 1 }\n");
}

}  // namespace plumb::workload

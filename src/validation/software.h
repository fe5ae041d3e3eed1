#pragma once
// The serving software of a result: which engine, and of when.

#include <optional>
#include <string_view>

namespace plumb::validation {

enum class Engine { vllm, sglang, tensorrt_llm, llama_cpp, deepspeed_mii, neuron, other };
std::string_view engine_name(Engine engine);

struct Version {
  int major = 0, minor = 0, patch = 0;
  auto operator<=>(const Version&) const = default;
};

struct Software {
  Engine engine = Engine::other;
  std::optional<Version> version;
  std::optional<int> year;  ///< of the words or, without one there, of the row's date
  /// Whether the engine is at least that version or, where the version is not told, of that year or later.
  bool since(Version at_least, int from_year) const;
};

/// "vLLM 0.6.3.post2.dev308", "trtllm 1.0.0rc3", "TensorRT 10.2.0, CUDA 12.4" (MLPerf's way to say TensorRT-LLM), "vLLM
/// (main, about 2024-11)"; `date` is the row's: "2024-08-28".
Software software_of(std::string_view words, std::string_view date);

}  // namespace plumb::validation

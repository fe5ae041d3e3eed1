#include "validation/software.h"

#include <array>

#include "validation/words.h"

namespace plumb::validation {
namespace {

struct EngineWords {
  std::string_view words;
  Engine engine;
};
/// The first that is said counts: a stack that names several names its engine by the more special word.
constexpr std::array engines{
    EngineWords{"sglang", Engine::sglang},
    EngineWords{"vllm", Engine::vllm},
    EngineWords{"tensorrt-llm", Engine::tensorrt_llm},
    EngineWords{"trtllm", Engine::tensorrt_llm},
    EngineWords{"trt-llm", Engine::tensorrt_llm},
    EngineWords{"tensorrt", Engine::tensorrt_llm},
    EngineWords{"llama.cpp", Engine::llama_cpp},
    EngineWords{"deepspeed", Engine::deepspeed_mii},
    EngineWords{"neuron", Engine::neuron},
};

/// "0.6.3" at the first digit that a dot and a digit follow.
std::optional<Version> version_in(std::string_view text) {
  for (std::size_t at = text.find_first_of("0123456789"); at != std::string_view::npos;
       at = text.find_first_of("0123456789", at + 1)) {
    std::array<int, 3> numbers{};
    std::size_t count = 0, i = at;
    while (count < numbers.size() && i < text.size() && text[i] >= '0' && text[i] <= '9') {
      int number = 0;
      for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
        number = number < 100000 ? 10 * number + (text[i] - '0') : number;
      numbers[count++] = number;
      if (i + 1 >= text.size() || text[i] != '.' || text[i + 1] < '0' || text[i + 1] > '9') break;
      ++i;
    }
    if (count >= 2) return Version{numbers[0], numbers[1], numbers[2]};
    at = i > at ? i - 1 : at;
  }
  return std::nullopt;
}

std::optional<int> year_in(std::string_view text) {
  for (int year = 2019; year < 2040; ++year) {
    if (says_word(text, std::to_string(year))) return year;
  }
  return std::nullopt;
}

}  // namespace

std::string_view engine_name(Engine engine) {
  switch (engine) {
    case Engine::vllm: return "vLLM";
    case Engine::sglang: return "SGLang";
    case Engine::tensorrt_llm: return "TensorRT-LLM";
    case Engine::llama_cpp: return "llama.cpp";
    case Engine::deepspeed_mii: return "DeepSpeed-MII";
    case Engine::neuron: return "NeuronX";
    case Engine::other: return "other";
  }
  return "other";
}

bool Software::since(Version at_least, int from_year) const {
  if (version) return *version >= at_least;
  return year && *year >= from_year;
}

Software software_of(std::string_view words, std::string_view date) {
  Software software;
  std::string_view named = words;
  for (const EngineWords& engine : engines) {
    const std::string lowered = lower_case(words);
    const std::size_t at = lowered.find(engine.words);
    if (at == std::string::npos) continue;
    software.engine = engine.engine;
    named = words.substr(at + engine.words.size());
    // TensorRT's own version tells nothing of the engine's.
    if (engine.words != "tensorrt") software.version = version_in(named.substr(0, named.find_first_of(",(")));
    break;
  }
  software.year = year_in(words);
  if (!software.year) software.year = year_in(date.substr(0, 4));
  return software;
}

}  // namespace plumb::validation

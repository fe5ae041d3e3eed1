#pragma once
// How a result's devices shared the model: "tp=8,pp=1,ep=8", "attention_dp=8,ep=8", "tp=4,dp=2", "tp=24 cores",
// "prefill 2 x tp2, decode 2 x tp2".

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/model.h"

namespace plumb::validation {

struct ParallelismWords {
  std::optional<int> tensor, pipeline, data, attention_data, expert;
  bool stated = false;         ///< of any of them, or that there is one device
  bool alternatives = false;   ///< "tp=2|4": which one is not told
  bool disaggregated = false;  ///< prefill and decode on engines of their own
  bool speculative = false;    ///< "MTP=3"
  bool cores = false;          ///< counts cores of devices, not devices
};

ParallelismWords parallelism_of(std::string_view words);

/// The engines that hold the devices: `replicas` times `split`.
struct Layout {
  model::Parallelism split;
  int replicas = 1;
  bool assumed = false;  ///< something that is not told was taken for granted
};

/// The layout that the words and the number of devices mean for the model; nothing where they contradict each other or
/// do not tell. Devices beyond a stated engine's are replicas of it or, where one engine cannot be meant because the
/// model has experts and no tensor parallelism is stated beyond 1, data-parallel ranks that share the experts.
std::optional<Layout> layout_of(const ParallelismWords& words, std::optional<std::int64_t> devices,
                                const model::Model& model);

}  // namespace plumb::validation

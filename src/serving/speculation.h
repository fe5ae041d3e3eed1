#pragma once
// How many proposed tokens a model accepts. Each of k is accepted with probability a, given that those before it were;
// the first one rejected ends it, and the model's own token follows the accepted ones. The number accepted is
// geometric, cut off at k: P(N >= j) = a^j for j <= k, and a step gives in expectation
//
//   E[1 + N] = 1 + a + ... + a^k = (1 - a^(k + 1)) / (1 - a)          (Leviathan et al., arXiv 2211.17192, equation 1)
//
// a is a property of drafter, model and text; nothing here derives it. Independence of tokens is their assumption.

#include <cstdint>
#include <string>

#include "base/reader.h"
#include "base/result.h"
#include "model/model.h"

namespace plumb::serving {

/// Tokens that a step gives a sequence, in expectation; from 1 to proposed + 1. 0 <= acceptance_rate <= 1.
double expected_tokens(int proposed, double acceptance_rate);

/// Proposed tokens that are accepted, 0 to `proposed`: the same for the same arguments, whatever was asked before.
/// `step` counts the decode steps of the request. Uses no function of the C library, so equal on any machine.
int accepted_tokens(std::uint64_t seed, std::uint64_t request, std::uint64_t step, int proposed,
                    double acceptance_rate);

/// What a [speculation] table says.
struct SpeculationSettings {
  model::Speculation::Method method = model::Speculation::Method::ngram;
  int num_speculative_tokens = 0;
  double acceptance_rate = 0.0;
  std::string draft_model;  ///< a config.json or its folder; for Method::draft alone
};
[[nodiscard]] SpeculationSettings read_speculation(Reader& table);

}  // namespace plumb::serving

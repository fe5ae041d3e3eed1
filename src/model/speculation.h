#pragma once
// Speculative decoding (Leviathan, Kalman and Matias, arXiv 2211.17192): a drafter proposes k tokens for each sequence
// that decodes, and the model verifies them in one step, as 1 + k tokens of that sequence. Keys are read once for all
// of them; logits are needed for each. What a step costs more than a plain one follows from that:
//   verify   every operator over 1 + k tokens a decode sequence (Step::draft_tokens)
//   mtp      the model's own multi-token prediction modules (DeepSeek-V3, arXiv 2412.19437, section 2.2): one module a
//            proposed token, each a projection [2 d, d] of the hidden state and the next embedding, its layers and the
//            LM head; more tokens than modules use them again in turn
//   draft    a smaller model with the same vocabulary, on the same ranks
//   ngram    nothing: the prompt is looked up on the host
// A drafter's first pass goes over all tokens of the step, as it needs their keys; k - 1 further passes over one token
// of each sequence that gets output (vLLM, vllm/v1/spec_decode/eagle.py). It runs on the last stage. A state that a
// rejected token has changed must be as before, so layers with a state write one for each token, and keep 1 + k.
// What is left out: keys of prompts completed in this very step in the further passes, and the growth of the context
// by k within them.

#include "base/result.h"
#include "model/model.h"

namespace plumb::model {

/// `target` with a drafter that proposes `tokens` a step; as it was for 0. Fault::unmet for mtp without such layers,
/// for a draft model with another vocabulary, and for more distinct spans together than a Step holds.
/// Precondition: `draft` is given for Method::draft and for no other.
[[nodiscard]] Result<Model> with_speculation(Model target, Speculation::Method method, int tokens,
                                             const Model* draft = nullptr);

}  // namespace plumb::model

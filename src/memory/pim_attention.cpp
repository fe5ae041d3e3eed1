#include "memory/pim_attention.h"

namespace plumb::memory {

Result<PimAttention> pim_attention(const Specification& of, const AttentionShape& shape,
                                   const PimPlaySettings& settings, int stacks, const CommandSink& sink) {
  const Organisation& o = of.organisation;
  PLUMB_ASSIGN(const PimGemv scores, PimGemv::make(of, o.pseudo_channels, {shape.context, shape.head_size}));
  const std::int64_t value_size = shape.value_size > 0 ? shape.value_size : shape.head_size;
  PLUMB_ASSIGN(const PimGemv values, PimGemv::make(of, o.pseudo_channels, {value_size, shape.context}));
  const std::int64_t channels = static_cast<std::int64_t>(o.channels) * stacks;
  PimAttention attention;
  attention.rounds = (shape.heads + channels - 1) / channels;
  PimProgram program;
  for (std::int64_t head = 0; head < attention.rounds; ++head) {
    for (const PimGemv* gemv : {&scores, &values}) {
      const PimProgram part = gemv->program(shape.queries);
      program.steps.insert(program.steps.end(), part.steps.begin(), part.steps.end());
    }
  }
  program.results_from = program.steps.size();
  attention.run = play(of, program, settings, sink);
  return attention;
}

}  // namespace plumb::memory

#pragma once
// How long steps take, as simulations ask for it: in exact ticks, one step at a time or many at once.
//
// A batch that only decodes, and does not change, runs k steps of which each reads a fixed number of keys more than the
// one before. Their times grow linearly while the same side of every roofline binds, or are constant within a cell of a
// measured table; decode_ramp() says how many steps that holds for. Adding those times up in closed form gives the
// same ticks as asking for each step, because a step's time is itself a sum of whole ticks: linear terms with whole
// coefficients, and table entries.
//
// Thread rule: a timer remembers what it has worked out, so it belongs to one thread. Timers of the same deployment
// give the same bits.

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "accelerator/step_cost.h"
#include "base/fixed_time.h"
#include "model/step.h"

namespace plumb::accelerator {

/// One prefill chunk of a step: `tokens` new ones after `context` computed ones.
struct Chunk {
  std::int64_t tokens = 0, context = 0;
};

/// Keys of each span that one decode step reads more than the one before.
using KeyGrowth = std::array<std::int64_t, model::spans_max>;

class StepTimer {
 public:
  virtual ~StepTimer() = default;
  virtual int stages() const = 0;
  /// Time on the host before the first stage can run.
  virtual Time host_time(const model::Step& step) = 0;
  /// Time of a stage, the sending of its result to the next included. `chunks` are the step's prefill chunks.
  virtual Time stage_time(int stage, const model::Step& step, std::span<const Chunk> chunks) = 0;
  /// What a step takes at least, whatever its stages do.
  virtual Time least_time(const model::Step& step) {
    static_cast<void>(step);
    return {};
  }
  /// host_time() and all stages, one after another, and no less than least_time().
  Time step_time(const model::Step& step, std::span<const Chunk> chunks);
  /// The times of up to `steps` decode steps on a deployment of one stage, host time included. `step` has decode
  /// sequences only.
  virtual Ramp decode_ramp(const model::Step& step, const KeyGrowth& growth, std::int64_t steps) = 0;
};

/// Of the operators' rooflines. The StepCost must outlive it.
std::unique_ptr<StepTimer> make_roofline_timer(const StepCost& cost);

}  // namespace plumb::accelerator

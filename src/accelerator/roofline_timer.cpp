// Most operators cost a function of one count: the step's tokens, its sampled or its decode sequences. Their sums are
// kept in tables, each entry worked out when it is first asked for. Attention is linear in pairs, keys and rows on
// either side of its roofline. What is left is computed as the StepCost computes it.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <variant>
#include <vector>

#include "accelerator/step_timer.h"

namespace plumb::accelerator {
namespace {

/// A linear term's ticks for one unit. 2^-64 s is small enough to be exact to nine digits for a key that is read in a
/// tenth of a nanosecond.
std::int64_t ticks_per_unit(double seconds) { return static_cast<std::int64_t>(Time::of_seconds(seconds).ticks()); }

std::int64_t whole(double count) { return static_cast<std::int64_t>(count); }

}  // namespace

class RooflineTimer final : public StepTimer {
 public:
  explicit RooflineTimer(const StepCost& cost) : cost_(cost), stages_(cost.stages_.size()) {
    const catalog::EfficiencyClass& efficiency = cost.machine_.efficiency;
    step_overhead_ = Time::of_seconds(efficiency.step_overhead.value.value());
    sequence_overhead_ = Time::of_seconds(efficiency.sequence_overhead.value.value());
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      for (const StepCost::Compiled& compiled : cost.stages_[i][sums]) {
        if (std::holds_alternative<model::Attention>(compiled.op.shape)) {
          stages_[i].attention.push_back(attention_of(compiled));
        } else {
          stages_[i].others.push_back(&compiled);
        }
      }
    }
  }

  int stages() const override { return static_cast<int>(stages_.size()); }

  Time host_time(const model::Step& step) override { return step_overhead_ + step.sequences() * sequence_overhead_; }

  Time stage_time(int stage, const model::Step& step, std::span<const Chunk>) override {
    Time time = time_of_counts(stage, step);
    for (const AttentionTime& attention : stages_[static_cast<std::size_t>(stage)].attention) {
      time += Time::of_ticks(attention.ticks(step));
    }
    return time;
  }

  Ramp decode_ramp(const model::Step& step, const KeyGrowth& growth, std::int64_t steps) override {
    assert(stages_.size() == 1 && step.prefill_tokens == 0);
    Ramp ramp{host_time(step) + time_of_counts(0, step), {}, steps};
    for (const AttentionTime& attention : stages_.front().attention) {
      if (attention.shape.phase == model::Attention::Phase::prefill) continue;
      const std::int64_t more = growth[attention.shape.span];
      const bool reads = attention.reading_binds(step, 0);
      ramp.first += Time::of_ticks(attention.ticks(step));
      ramp.growth += Time::of_ticks(more * (reads ? attention.per_key : attention.per_pair));
      ramp.steps = attention.steps_on_a_side(step, more, reads, ramp.steps);
    }
    return ramp;
  }

 private:
  static constexpr auto sums = static_cast<std::size_t>(StepCost::Group::sums);

  struct AttentionTime {
    model::Attention shape;
    std::int64_t per_pair = 0, per_key = 0, per_row = 0, launches = 0;  ///< ticks

    Int128 ticks(const model::Step& step) const {
      const model::AttentionCounts counts = model::attention_counts(shape, step);
      if (counts.rows == 0.0) return 0;
      const Int128 scoring = static_cast<Int128>(whole(counts.pairs)) * per_pair;
      const Int128 reading =
          static_cast<Int128>(whole(counts.keys)) * per_key + static_cast<Int128>(whole(counts.rows)) * per_row;
      return std::max(scoring, reading) + launches;
    }
    /// Whether reading keys takes longer than scoring them with `more` keys for each to read and score.
    bool reading_binds(const model::Step& step, std::int64_t more) const {
      const Int128 keys = whole(step.spans[shape.span].decode_keys) + more;
      return keys * per_key + static_cast<Int128>(step.decode_sequences) * per_row >= keys * per_pair;
    }
    /// How many of `steps` have the same side binding: all, as a rule, since both sides are linear and cross once.
    std::int64_t steps_on_a_side(const model::Step& step, std::int64_t growth, bool reads, std::int64_t steps) const {
      if (growth == 0 || steps <= 1 || reading_binds(step, growth * (steps - 1)) == reads) return steps;
      std::int64_t same = 1, other = steps;
      while (other - same > 1) {
        const std::int64_t middle = same + (other - same) / 2;
        (reading_binds(step, growth * (middle - 1)) == reads ? same : other) = middle;
      }
      return same;
    }
  };

  struct Entry {
    Time time;
    bool known = false;
  };

  struct Stage {
    std::array<std::vector<Entry>, StepCost::groups> by_count;
    std::vector<AttentionTime> attention;
    std::vector<const StepCost::Compiled*> others;
  };

  static AttentionTime attention_of(const StepCost::Compiled& compiled) {
    const auto& shape = std::get<model::Attention>(compiled.op.shape);
    const model::AttentionRates rates = model::attention_rates(shape, compiled.op.activation_bits);
    const OperatorRoofline& roofline = *compiled.roofline;
    const double per_byte_s = compiled.op.count * roofline.seconds_per_byte();
    return {shape, ticks_per_unit(compiled.op.count * roofline.seconds_per_flop() * rates.operations_per_pair),
            ticks_per_unit(per_byte_s * rates.cache_bytes_per_key),
            ticks_per_unit(per_byte_s * rates.activation_bytes_per_row),
            ticks_per_unit(compiled.op.count * roofline.launch_s())};
  }

  Time time_of_counts(int stage, const model::Step& step) {
    using Group = StepCost::Group;
    Time time = remembered(stage, Group::tokens, step.tokens(), step) +
                remembered(stage, Group::sampled, step.sampled_sequences, step) +
                remembered(stage, Group::decode, step.decode_sequences, step);
    for (const StepCost::Compiled* other : stages_[static_cast<std::size_t>(stage)].others) {
      time += Time::of_seconds(other->seconds(step));
    }
    return time;
  }

  Time remembered(int stage, StepCost::Group group, std::int64_t count, const model::Step& step) {
    std::vector<Entry>& table = stages_[static_cast<std::size_t>(stage)].by_count[static_cast<std::size_t>(group)];
    const auto index = static_cast<std::size_t>(count);
    if (index >= table.size()) table.resize(index + 1);
    Entry& entry = table[index];
    if (!entry.known) entry = {Time::of_seconds(cost_.group_time_s(stage, group, step)), true};
    return entry.time;
  }

  const StepCost& cost_;
  std::vector<Stage> stages_;
  Time step_overhead_, sequence_overhead_;
};

std::unique_ptr<StepTimer> make_roofline_timer(const StepCost& cost) { return std::make_unique<RooflineTimer>(cost); }

}  // namespace plumb::accelerator

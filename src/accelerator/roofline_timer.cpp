// Most operators cost a function of one count: the step's tokens, its sampled or its decode sequences. Their sums are
// kept in tables, each entry worked out when it is first asked for. Attention is linear in pairs, keys and rows on
// either side of its roofline; where its kernels were measured, piecewise linear in the keys (attention_ticks.h). What
// is left is computed as the StepCost computes it.

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <variant>
#include <vector>

#include "accelerator/attention_lines.h"
#include "accelerator/attention_ticks.h"
#include "accelerator/step_timer.h"

namespace plumb::accelerator {
namespace {

std::int64_t whole(double count) { return static_cast<std::int64_t>(count); }

}  // namespace

class RooflineTimer final : public StepTimer {
 public:
  explicit RooflineTimer(const StepCost& cost) : cost_(cost), stages_(cost.stages_.size()) {
    const catalog::EfficiencyClass& efficiency = cost.machine_.efficiency;
    step_overhead_ = Time::of_seconds(efficiency.step_overhead.value.value());
    detokenisation_ = Time::of_seconds(cost.detokenise_time_s(1.0));
    sequence_overhead_ = Time::of_seconds(efficiency.sequence_overhead.value.value());
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      for (const StepCost::Compiled& compiled : cost.stages_[i][sums]) {
        if (compiled.attention && !compiled.op.again) {
          stages_[i].measured.push_back(&*compiled.attention);
        } else if (std::holds_alternative<model::Attention>(compiled.op.shape) && !compiled.op.again) {
          stages_[i].attention.push_back(attention_of(compiled));
          stages_[i].attention.back().mixers_share = cost.share_of_mixers(static_cast<int>(i), compiled);
          stages_[i].overlaps = stages_[i].overlaps || stages_[i].attention.back().mixers_share > 0.0;
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
    const Time mixers = time_of_mixers(stage, step);
    for (const AttentionTime& attention : stages_[static_cast<std::size_t>(stage)].attention) {
      time += Time::of_ticks(attention.lines(step, mixers).now().ticks);
    }
    for (const AttentionCost* attention : stages_[static_cast<std::size_t>(stage)].measured)
      time += Time::of_ticks(ticks_of(*attention, step).ticks());
    return time;
  }

  Time least_time(const model::Step& step) override { return step.sampled_sequences * detokenisation_; }

  Ramp decode_ramp(const model::Step& step, const KeyGrowth& growth, std::int64_t steps) override {
    assert(stages_.size() == 1 && step.prefill_tokens == 0 && step.draft_tokens == 0);
    Ramp ramp{host_time(step) + time_of_counts(0, step), {}, steps};
    for (const AttentionTime& attention : stages_.front().attention) {
      if (attention.shape.phase == model::Attention::Phase::prefill) continue;
      const std::int64_t more = growth[attention.shape.span];
      const AttentionLines lines = attention.lines(step, time_of_mixers(0, step));
      const AttentionLines::Binding now = lines.now();
      ramp.first += Time::of_ticks(now.ticks);
      ramp.growth += Time::of_ticks(static_cast<Int128>(more) * lines.slope(now.side));
      ramp.steps = lines.steps_on_a_side(more, now.side, ramp.steps);
    }
    for (const AttentionCost* attention : stages_.front().measured) add_ramp(*attention, step, growth, ramp);
    if (const Time least = least_time(step); ramp.first < least) {
      // Until the steps are as long as that by themselves.
      const std::int64_t shorter =
          ramp.growth == Time() ? ramp.steps
                                : static_cast<std::int64_t>((least - ramp.first).ticks() / ramp.growth.ticks()) + 1;
      ramp = {least, {}, std::min(ramp.steps, shorter)};
    }
    return ramp;
  }

 private:
  static constexpr auto sums = static_cast<std::size_t>(StepCost::Group::sums);

  /// With data-parallel ranks the fullest one's share of pairs and keys goes into what a unit of them takes.
  struct AttentionTime {
    model::Attention shape;
    int spread = 1;
    double per_pair = 0.0, per_key = 0.0;  ///< ticks: nine digits of a key that is read in a tenth of a nanosecond
    std::int64_t per_row = 0, launches = 0, least = 0;
    const OperatorRoofline* roofline = nullptr;
    const PimOperator* memory = nullptr;  ///< where units can do it
    double mixers_share = 0.0;            ///< of the products that it is beside

    /// Nothing at all where the step has no rows for it.
    /// `mixers`: the time of the step's products of mixers.
    AttentionLines lines(const model::Step& step, Time mixers) const {
      const model::AttentionCounts counts = model::attention_counts(shape, spread, step);
      AttentionLines lines;
      if (counts.rows == 0.0) return lines;
      const double stretch = 1.0 / roofline->fill(counts.rows);
      const double a_pair = per_pair * stretch, a_key = per_key * stretch;
      const std::int64_t a_row = stretch == 1.0 ? per_row : whole_ticks(static_cast<double>(per_row) * stretch);
      lines.scoring_a_key = whole_ticks(a_pair * counts.decode_share);
      lines.reading_a_key = whole_ticks(a_key * counts.decode_share);
      lines.launches = launches;
      lines.least = least;
      lines.scoring = static_cast<Int128>(whole(counts.decode_pairs)) * lines.scoring_a_key;
      lines.reading = static_cast<Int128>(whole(counts.decode_keys)) * lines.reading_a_key +
                      static_cast<Int128>(whole(counts.rows)) * a_row;
      if (step.prefill_tokens > 0) {
        lines.scoring += static_cast<Int128>(whole(counts.prefill_pairs)) * whole_ticks(a_pair * counts.prefill_share);
        lines.reading += static_cast<Int128>(whole(counts.prefill_keys)) * whole_ticks(a_key * counts.prefill_share);
      }
      if (memory != nullptr && step.decode_sequences > 0) offer_memory(step, counts, mixers, lines);
      return lines;
    }

    /// The units' time of the decode sequences, and the host's of the prefill chunks after it.
    void offer_memory(const model::Step& step, const model::AttentionCounts& counts, Time mixers,
                      AttentionLines& lines) const {
      const PimAttending units = memory->attending(step);
      const std::int64_t a_key = tick_count(units.per_key_s), a_pair = tick_count(units.per_pair_s);
      AttentionLines::InMemory& there = lines.memory.emplace();
      there.memory_weight = memory->memory_weight();
      there.host_weight = memory->host_weight();
      there.a_key = a_key + a_pair;
      there.working = static_cast<Int128>(whole(counts.decode_keys)) * a_key +
                      static_cast<Int128>(whole(counts.decode_pairs)) * a_pair + tick_count(units.base_s);
      there.other = launches + host_ticks(prefill_of(step));
      if (mixers_share == 0.0) return;
      const double heads = static_cast<double>(shape.kv_heads);
      AttentionLines::Beside& beside = there.beside.emplace();
      beside.products = static_cast<Int128>(mixers_share * static_cast<double>(mixers.ticks()));
      beside.hidden = beside.products - beside.products / shape.kv_heads;
      const std::int64_t key = tick_count(units.per_key_s / heads), pair = tick_count(units.per_pair_s / heads);
      beside.a_key = key + pair;
      beside.remaining = static_cast<Int128>(whole(counts.decode_keys)) * key +
                         static_cast<Int128>(whole(counts.decode_pairs)) * pair + tick_count(units.base_s / heads);
    }
    /// The host's time of the prefill chunks beside units.
    Int128 host_ticks(const model::Step& prefill) const {
      const model::AttentionCounts rest = model::attention_counts(shape, spread, prefill);
      if (rest.rows == 0.0) return 0;
      const Int128 scoring =
          static_cast<Int128>(whole(rest.prefill_pairs)) * whole_ticks(per_pair * rest.prefill_share);
      const Int128 reading = static_cast<Int128>(whole(rest.prefill_keys)) * whole_ticks(per_key * rest.prefill_share) +
                             static_cast<Int128>(whole(rest.rows)) * per_row;
      return std::max(scoring, reading) + launches;
    }
    static std::int64_t tick_count(double seconds) {
      constexpr double most = 9e18;
      return static_cast<std::int64_t>(std::llround(std::clamp(Time::ticks_per_s * seconds, -most, most)));
    }
  };

  struct Entry {
    Time time;
    bool known = false;
  };

  struct Stage {
    std::array<std::vector<Entry>, StepCost::groups> by_count;
    std::vector<AttentionTime> attention;        ///< by their rooflines
    std::vector<const AttentionCost*> measured;  ///< by what was fitted
    std::vector<const StepCost::Compiled*> others;
    bool overlaps = false;
    std::vector<Entry> mixers;  ///< by tokens, where attention is beside them
  };

  static void add_ramp(const AttentionCost& attention, const model::Step& step, const KeyGrowth& growth, Ramp& ramp) {
    const AttentionTicks ticks = ticks_of(attention, step);
    if (!ticks.decodes) return;
    const std::int64_t more = growth[attention.shape().span];
    const auto [same, key] = ticks.same_side(more, ramp.steps);
    ramp.first += Time::of_ticks(ticks.ticks());
    ramp.growth += Time::of_ticks(static_cast<Int128>(more) * key);
    ramp.steps = same;
  }

  static AttentionTime attention_of(const StepCost::Compiled& compiled) {
    const auto& shape = std::get<model::Attention>(compiled.op.shape);
    const model::AttentionRates rates = model::attention_rates(shape, compiled.op.activation_bits);
    const OperatorRoofline& roofline = *compiled.roofline;
    AttentionTime time;
    time.shape = shape;
    time.spread = compiled.op.spread;
    time.roofline = &roofline;
    time.memory = compiled.in_memory();
    const double per_flop = Time::ticks_per_s * compiled.op.count * roofline.seconds_per_flop();
    const double per_cache_byte = Time::ticks_per_s * compiled.op.count * roofline.seconds_per_cache_byte();
    const double per_activation_byte = Time::ticks_per_s * compiled.op.count * roofline.seconds_per_activation_byte();
    time.per_pair = per_flop * rates.operations_per_pair;
    time.per_key = per_cache_byte * rates.cache_bytes_per_key;
    time.per_row = whole_ticks(per_activation_byte * rates.activation_bytes_per_row);
    time.launches = whole_ticks(Time::ticks_per_s * compiled.op.count * roofline.launch_s());
    time.least = whole_ticks(Time::ticks_per_s * compiled.op.count * compiled.launch_least_s);
    return time;
  }

  Time time_of_counts(int stage, const model::Step& step) {
    using Group = StepCost::Group;
    Time time = remembered(stage, Group::tokens, step.tokens(), step) +
                remembered(stage, Group::sampled, step.sampled_tokens(), step) +
                remembered(stage, Group::decode, step.decode_tokens(), step);
    for (const StepCost::Compiled* other : stages_[static_cast<std::size_t>(stage)].others) {
      time += Time::of_seconds(other->seconds(step));
    }
    return time;
  }

  Time time_of_mixers(int stage, const model::Step& step) {
    Stage& of = stages_[static_cast<std::size_t>(stage)];
    if (!of.overlaps) return {};
    const auto index = static_cast<std::size_t>(step.tokens());
    if (index >= of.mixers.size()) of.mixers.resize(index + 1);
    Entry& entry = of.mixers[index];
    if (!entry.known) entry = {Time::of_seconds(cost_.mixer_time_s(stage, step)), true};
    return entry.time;
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
  Time step_overhead_, sequence_overhead_, detokenisation_;
};

std::unique_ptr<StepTimer> make_roofline_timer(const StepCost& cost) { return std::make_unique<RooflineTimer>(cost); }

}  // namespace plumb::accelerator

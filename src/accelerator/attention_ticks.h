#pragma once
// Measured attention in exact ticks: the equation of kernel_attention_decode.h as lines with whole coefficients, so
// that steps which each read a fixed number of keys more add up in closed form (step_timer.h).

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "accelerator/attention_cost.h"
#include "accelerator/attention_lines.h"
#include "base/fixed_time.h"

namespace plumb::accelerator {

/// Attention in one step: the decode kernel by the lines of its equation, over the keys of all ranks together, and
/// the prefill kernel.
struct AttentionTicks {
  struct Line {
    Int128 now = 0;        ///< with the step's keys
    std::int64_t key = 0;  ///< that one more takes
  };
  std::array<Line, decode_sides> lines{};
  std::int64_t launch = 0, least = 0;
  Int128 prefill = 0;
  bool decodes = false;

  const Line& line(DecodeSide side) const { return lines[static_cast<std::size_t>(side)]; }
  DecodeSide reading() const {
    const bool little = line(DecodeSide::reading_little).now <= line(DecodeSide::reading_much).now;
    return little ? DecodeSide::reading_little : DecodeSide::reading_much;
  }
  /// The side that is the maximum.
  DecodeSide side() const {
    DecodeSide longest = reading();
    for (const DecodeSide other : {DecodeSide::multiprocessors, DecodeSide::chain, DecodeSide::compute}) {
      if (line(other).now > line(longest).now) longest = other;
    }
    return longest;
  }
  Int128 ticks() const { return decodes ? prefill + std::max<Int128>(launch + line(side()).now, least) : prefill; }

  /// How many of `steps`, the present one first, have a >= b, if each has `growth` keys more and the first has.
  static std::int64_t steps_above(const Line& a, const Line& b, std::int64_t growth, std::int64_t steps) {
    const Int128 closing = static_cast<Int128>(growth) * (static_cast<Int128>(b.key) - a.key);
    if (closing <= 0) return steps;
    const Int128 more = (a.now - b.now) / closing;
    return more >= steps ? steps : static_cast<std::int64_t>(more) + 1;
  }

  /// The same of a line that is above memory's: as long as it is above the less of the two.
  std::int64_t steps_above_reading(const Line& a, std::int64_t growth, std::int64_t steps) const {
    std::int64_t above = 0;
    for (const DecodeSide side : {DecodeSide::reading_little, DecodeSide::reading_much}) {
      if (a.now >= line(side).now) above = std::max(above, steps_above(a, line(side), growth, steps));
    }
    return above;
  }

  /// How many of `steps`, of which each has `growth` keys more, have the same side binding, and what one more key
  /// takes in them. All steps, as a rule.
  std::pair<std::int64_t, std::int64_t> same_side(std::int64_t growth, std::int64_t steps) const {
    const DecodeSide first = side();
    // What an eager launch takes is a line too, as long as it is above the others.
    const Line floor{static_cast<Int128>(least) - launch, 0};
    const bool is_floor = line(first).now < floor.now;
    const Line& longest = is_floor ? floor : line(first);
    for (const DecodeSide other : {DecodeSide::multiprocessors, DecodeSide::chain, DecodeSide::compute})
      steps = std::min(steps, steps_above(longest, line(other), growth, steps));
    const Line &little = line(DecodeSide::reading_little), &much = line(DecodeSide::reading_much);
    if (!is_floor && first == DecodeSide::reading_little) {
      steps = std::min(steps, steps_above(much, little, growth, steps));
    } else if (!is_floor && first == DecodeSide::reading_much) {
      steps = std::min(steps, steps_above(little, much, growth, steps));
    } else {
      steps = std::min(steps, steps_above_reading(longest, growth, steps));
    }
    return {steps, longest.key};
  }
};

/// With data-parallel ranks the fullest one's share of the keys goes into what one of them takes.
inline AttentionTicks ticks_of(const AttentionCost& cost, const model::Step& step) {
  const model::AttentionCounts counts = cost.counts(step);
  AttentionTicks ticks;
  ticks.prefill = Time::of_seconds(cost.runs() * cost.prefill_seconds(counts)).ticks();
  const std::optional<AttentionCost::Decode> decode = cost.decode(counts);
  if (!decode) return ticks;
  ticks.decodes = true;
  ticks.launch = whole_ticks(Time::ticks_per_s * (cost.runs() * decode->launch_s));
  ticks.least = whole_ticks(Time::ticks_per_s * (cost.runs() * cost.least_s()));
  const auto keys = static_cast<std::int64_t>(counts.decode_keys);
  for (std::size_t i = 0; i < decode_sides; ++i) {
    const DecodeLine& line = decode->lines[i];
    const std::int64_t key = whole_ticks(Time::ticks_per_s * (cost.runs() * counts.decode_share * line.key_s));
    ticks.lines[i] = {whole_ticks(Time::ticks_per_s * (cost.runs() * line.fixed_s)) + static_cast<Int128>(keys) * key,
                      key};
  }
  return ticks;
}

}  // namespace plumb::accelerator

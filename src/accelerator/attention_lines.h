#pragma once
// Attention by its roofline in exact ticks (base/fixed_time.h): lines in the keys of the decode sequences, so that
// steps which each read a fixed number of keys more add up in closed form (step_timer.h). On the host
//
//   t = max(least, launches + max(scoring, reading))
//
// and, where units in memory can do it (pim_offload.h), in memory if that is faster: working + other, or beside the
// products of its layer (pim_overlap.h)
//
//   t = other + working - hidden          where the units work longer than the products take, else
//   t = other + remaining                 the part of the first head
//
// Thread rule: values.

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/fixed_time.h"

namespace plumb::accelerator {

/// Ticks as a whole number. Half a second for one key is beyond any machine; what is longer stays there.
inline std::int64_t whole_ticks(double ticks) {
  constexpr double most = 9e18;
  return static_cast<std::int64_t>(std::min(most, ticks + 0.5));
}

struct AttentionLines {
  Int128 scoring = 0, reading = 0;                    ///< with the step's keys
  std::int64_t scoring_a_key = 0, reading_a_key = 0;  ///< that one more key takes
  std::int64_t launches = 0, least = 0;

  struct Beside {
    Int128 products = 0;               ///< their time, with which that of the units is compared
    Int128 hidden = 0, remaining = 0;  ///< what is not seen of the units, or is all that is
    std::int64_t a_key = 0;            ///< of `remaining`
  };
  struct InMemory {
    Int128 working = 0;  ///< units
    Int128 other = 0;    ///< launches, and prefill chunks on the host
    std::int64_t a_key = 0;
    int memory_weight = 1, host_weight = 1;  ///< of PimOperator
    std::optional<Beside> beside;
  };
  std::optional<InMemory> memory;

  /// What binds with `more` keys for the decode sequences to score and read. Each is a conjunction of inequalities
  /// that are linear in the keys, so the keys for which it holds are an interval.
  struct Side {
    enum class Term { none, scoring, reading, memory_under_scoring, memory_under_reading };
    Term term = Term::reading;
    bool launching = false;
    bool behind_products = false;
    bool operator==(const Side&) const = default;
  };
  struct Binding {
    Int128 ticks = 0;
    Side side;
  };
  /// With the step's keys.
  Binding now() const { return at(0); }

  /// What one more key takes on that side.
  std::int64_t slope(Side side) const {
    if (side.launching) return 0;
    switch (side.term) {
      case Side::Term::none: return 0;
      case Side::Term::scoring: return scoring_a_key;
      case Side::Term::reading: return reading_a_key;
      case Side::Term::memory_under_scoring:
      case Side::Term::memory_under_reading: return side.behind_products ? memory->beside->a_key : memory->a_key;
    }
    return 0;
  }

  /// How many of `steps`, of which each has `growth` keys more, have the same side binding: all, as a rule, since
  /// each side is a line.
  std::int64_t steps_on_a_side(std::int64_t growth, Side first, std::int64_t steps) const {
    if (growth == 0 || steps <= 1 || at(growth * (steps - 1)).side == first) return steps;
    std::int64_t same = 1, other = steps;
    while (other - same > 1) {
      const std::int64_t middle = same + (other - same) / 2;
      (at(growth * (middle - 1)).side == first ? same : other) = middle;
    }
    return same;
  }

 private:
  Binding at(std::int64_t more) const {
    using Term = Side::Term;
    const Int128 scored = scoring + static_cast<Int128>(more) * scoring_a_key + launches;
    const Int128 read = reading + static_cast<Int128>(more) * reading_a_key + launches;
    Binding binding{std::max(scored, read), {read >= scored ? Term::reading : Term::scoring}};
    if (memory) take_faster(scored, read, more, binding);
    if (binding.ticks < least) {
      // Without a memory the two sides of the host need not be told apart while launches bind.
      binding.ticks = least;
      binding.side.launching = true;
      if (!memory) binding.side.term = Term::none;
    }
    return binding;
  }

  void take_faster(Int128 scored, Int128 read, std::int64_t more, Binding& binding) const {
    using Term = Side::Term;
    const Int128 working = memory->working + static_cast<Int128>(more) * memory->a_key;
    const Int128 weighed = memory->memory_weight * (working + memory->other);
    if (weighed < memory->host_weight * scored) {
      binding = in_memory(working, more, Term::memory_under_scoring);
    } else if (weighed < memory->host_weight * read) {
      binding = in_memory(working, more, Term::memory_under_reading);
    }
  }

  Binding in_memory(Int128 working, std::int64_t more, Side::Term term) const {
    const std::optional<Beside>& beside = memory->beside;
    if (!beside) return {memory->other + working, {term}};
    if (working >= beside->products) return {memory->other + working - beside->hidden, {term}};
    return {memory->other + beside->remaining + static_cast<Int128>(more) * beside->a_key, {term, false, true}};
  }
};

}  // namespace plumb::accelerator

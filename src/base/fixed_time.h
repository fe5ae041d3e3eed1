#pragma once
// Simulated time as a fixed-point number of 2^-64 s, so that sums are exact: k steps added one by one and their closed
// form give the same bits, and two moments that are equal compare equal. 64 bits count whole seconds (292 billion
// years), 64 the fraction.
//
//   Time step = Time::of_seconds(0.012);
//   Time end = start + 10 * step + 45 * growth;        // ten steps of which each is longer by `growth`
//
// Time::never() is later than all; only comparisons and seconds() are meant for it.

#include <compare>
#include <cstdint>
#include <limits>

namespace plumb {

__extension__ using Int128 = __int128;

class Time {
 public:
  constexpr Time() = default;
  static constexpr Time of_ticks(Int128 ticks) { return Time(ticks); }
  /// The nearest tick; exact from 2^-11 s upwards, as a double has 53 bits. Infinity, and what is beyond the range,
  /// becomes never().
  static constexpr Time of_seconds(double seconds) {
    if (!(seconds < whole_seconds_max)) return never();
    const bool negative = seconds < 0.0;
    const double size = negative ? -seconds : seconds;
    const auto whole = static_cast<std::uint64_t>(size);
    const double rest = (size - static_cast<double>(whole)) * ticks_per_s + 0.5;
    const Int128 ticks = (static_cast<Int128>(whole) << 64) + static_cast<Int128>(rest);
    return Time(negative ? -ticks : ticks);
  }
  static constexpr double ticks_per_s = 18446744073709551616.0;  // 2^64
  static constexpr Time never() { return Time(never_ticks); }

  constexpr Int128 ticks() const { return ticks_; }
  constexpr double seconds() const {
    return ticks_ == never_ticks ? std::numeric_limits<double>::infinity()
                                 : static_cast<double>(ticks_) * (1.0 / ticks_per_s);
  }

  constexpr auto operator<=>(const Time&) const = default;
  constexpr Time& operator+=(Time other) {
    ticks_ += other.ticks_;
    return *this;
  }
  constexpr Time& operator-=(Time other) {
    ticks_ -= other.ticks_;
    return *this;
  }
  friend constexpr Time operator+(Time a, Time b) { return Time(a.ticks_ + b.ticks_); }
  friend constexpr Time operator-(Time a, Time b) { return Time(a.ticks_ - b.ticks_); }
  friend constexpr Time operator*(std::int64_t times, Time t) { return Time(times * t.ticks_); }

 private:
  static constexpr double whole_seconds_max = 9e18;
  static constexpr Int128 never_ticks = (static_cast<Int128>(1) << 126) - 1 + (static_cast<Int128>(1) << 126);
  constexpr explicit Time(Int128 ticks) : ticks_(ticks) {}
  Int128 ticks_ = 0;
};

/// Steps that follow each other, fewer than 2^31: step i of `steps`, from 0, lasts first + i x growth.
struct Ramp {
  Time first, growth;
  std::int64_t steps = 0;

  /// Length of the first k steps: k first + k (k - 1) / 2 growth.
  constexpr Time length(std::int64_t k) const { return k * first + k * (k - 1) / 2 * growth; }
  /// The fewest steps, at least one, whose length is `length` or more; `steps` where all of them are shorter. Steps
  /// must not have negative lengths.
  std::int64_t steps_until(Time length) const;
};

}  // namespace plumb

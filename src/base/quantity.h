#pragma once
// Quantities that carry their dimension in their type, so that bytes are never added to seconds and a price per hour is
// never multiplied by a byte count unnoticed. A quantity is one double in the base units below; products and quotients
// get their dimension by rule, and a dimensionless quotient is a plain double.
//
//   Bytes weights = 16.0 * gigabyte;  Seconds t = weights / bandwidth;  double share = t / step_time;
//
// Inner loops that have left the boundary of a public header may use plain doubles named with their unit (time_s).

#include <compare>

namespace plumb {

/// Exponents of the base units second, byte, operation (floating-point or integer), joule and US dollar.
template <int S, int B, int F, int J, int U>
struct Dimension {
  static constexpr int second = S, byte = B, operation = F, joule = J, dollar = U;
};

template <class D>
class Quantity {
 public:
  using dimension = D;

  constexpr Quantity() = default;
  /// The quantity whose value in base units (s, B, FLOP, J, USD) is `value`.
  static constexpr Quantity of(double value) { return Quantity(value); }
  /// The value in base units.
  constexpr double value() const { return value_; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }
  constexpr Quantity& operator*=(double factor) {
    value_ *= factor;
    return *this;
  }
  constexpr Quantity& operator/=(double divisor) {
    value_ /= divisor;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.value_); }
  friend constexpr Quantity operator*(Quantity a, double f) { return Quantity(a.value_ * f); }
  friend constexpr Quantity operator*(double f, Quantity a) { return Quantity(f * a.value_); }
  friend constexpr Quantity operator/(Quantity a, double d) { return Quantity(a.value_ / d); }

 private:
  constexpr explicit Quantity(double value) : value_(value) {}
  double value_ = 0.0;
};

namespace detail {
template <int S, int B, int F, int J, int U>
constexpr auto wrap(double value) {
  if constexpr (S == 0 && B == 0 && F == 0 && J == 0 && U == 0) {
    return value;
  } else {
    return Quantity<Dimension<S, B, F, J, U>>::of(value);
  }
}
}  // namespace detail

template <class A, class B>
constexpr auto operator*(Quantity<A> a, Quantity<B> b) {
  return detail::wrap<A::second + B::second, A::byte + B::byte, A::operation + B::operation, A::joule + B::joule,
                      A::dollar + B::dollar>(a.value() * b.value());
}

template <class A, class B>
constexpr auto operator/(Quantity<A> a, Quantity<B> b) {
  return detail::wrap<A::second - B::second, A::byte - B::byte, A::operation - B::operation, A::joule - B::joule,
                      A::dollar - B::dollar>(a.value() / b.value());
}

template <class A>
constexpr auto operator/(double a, Quantity<A> b) {
  return detail::wrap<-A::second, -A::byte, -A::operation, -A::joule, -A::dollar>(a / b.value());
}

using Seconds = Quantity<Dimension<1, 0, 0, 0, 0>>;
using PerSecond = Quantity<Dimension<-1, 0, 0, 0, 0>>;
using Bytes = Quantity<Dimension<0, 1, 0, 0, 0>>;
using BytesPerSecond = Quantity<Dimension<-1, 1, 0, 0, 0>>;
using Flops = Quantity<Dimension<0, 0, 1, 0, 0>>;  ///< a number of operations, not a rate
using FlopsPerSecond = Quantity<Dimension<-1, 0, 1, 0, 0>>;
using Joules = Quantity<Dimension<0, 0, 0, 1, 0>>;
using Watts = Quantity<Dimension<-1, 0, 0, 1, 0>>;
using JoulesPerByte = Quantity<Dimension<0, -1, 0, 1, 0>>;
using Dollars = Quantity<Dimension<0, 0, 0, 0, 1>>;
using DollarsPerSecond = Quantity<Dimension<-1, 0, 0, 0, 1>>;  ///< rents, subscriptions: money per time
using DollarsPerJoule = Quantity<Dimension<0, 0, 0, -1, 1>>;   ///< electricity
using DollarsPerByte = Quantity<Dimension<0, -1, 0, 0, 1>>;    ///< memory

// A day has 24 hours and a year 365 days; a month is a twelfth of a year.
inline constexpr Seconds second = Seconds::of(1.0);
inline constexpr Seconds millisecond = Seconds::of(1e-3);
inline constexpr Seconds microsecond = Seconds::of(1e-6);
inline constexpr Seconds hour = Seconds::of(3600.0);
inline constexpr Seconds day = Seconds::of(86400.0);
inline constexpr Seconds year = Seconds::of(365.0 * 86400.0);
inline constexpr Seconds month = Seconds::of(365.0 * 86400.0 / 12.0);
inline constexpr Bytes gigabyte = Bytes::of(1e9);
inline constexpr Bytes gibibyte = Bytes::of(1073741824.0);
inline constexpr Joules kilowatt_hour = Joules::of(3.6e6);
inline constexpr Dollars dollar = Dollars::of(1.0);

}  // namespace plumb

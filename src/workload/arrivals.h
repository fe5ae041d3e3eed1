#pragma once
// Arrival processes, and sources of made requests.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.h"
#include "workload/lengths.h"
#include "workload/request.h"

namespace plumb::workload {

/// Load over a day as relative weights of equal parts of it, usually 24 hours; linear between the middles of the parts
/// and periodic. Only ratios matter.
class DayCurve {
 public:
  DayCurve() : weights_{1.0} {}
  /// At least one weight, none negative, not all zero.
  explicit DayCurve(std::vector<double> weights);
  /// Load at a time of day over the mean load of the day.
  double relative(double time_s) const;
  /// Largest and mean of the weights: the mean is 1 by definition, so this is the peak over it.
  double peak_over_mean() const;
  const std::vector<double>& weights() const { return weights_; }

  /// Load that has come by a time, in seconds of mean load: the integral of relative(). A day has a day's.
  double load_s(double time_s) const;
  /// Its inverse: when that much load has come. Where the curve is 0 for a while, the end of that while.
  double time_at_load_s(double load_s) const;

 private:
  /// Ends of the linear pieces of one day, with the load from midnight to there.
  struct Knot {
    double time_s = 0.0, relative = 0.0, load_s = 0.0;
  };
  void add_knot(double time_s, double relative);
  /// The start of the piece whose end is the first knot that `is_after`; the last piece where none is.
  template <class IsAfter>
  const Knot& piece(IsAfter is_after) const;

  std::vector<double> weights_;
  std::vector<Knot> knots_;  ///< none for a flat curve, which leaves times exactly as they are
};

/// Times between arrivals, in units of the mean gap. Common random numbers: the same stream gives the same gaps at any
/// rate, scaled.
class ArrivalProcess {
 public:
  virtual ~ArrivalProcess() = default;
  virtual double next_gap(Stream& stream) = 0;  ///< mean 1
};
std::unique_ptr<ArrivalProcess> poisson_arrivals();
/// Gamma gaps with shape `burstiness`, as `vllm bench serve --burstiness` defines it: 1 is Poisson, smaller is
/// burstier.
std::unique_ptr<ArrivalProcess> gamma_arrivals(double burstiness);

struct GeneratorOptions {
  double rate_per_s = 1.0;  ///< mean over the day; infinity puts all arrivals at 0
  std::int64_t count = 1000;
  std::uint64_t seed = 0;
  double burstiness = 1.0;
  DayCurve
      curve;  ///< flat by default: a curve stretches time so that the rate follows it (time-rescaled renewal process)
};
/// `count` requests with gaps from stream "arrivals" and lengths from stream "lengths" of the seed.
RequestSourcePtr generate_requests(GeneratorOptions options, LengthSamplerPtr lengths);

/// Requests given as they are.
RequestSourcePtr fixed_requests(std::vector<Request> requests);

}  // namespace plumb::workload

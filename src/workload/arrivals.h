#pragma once
// Arrival processes, and sources of made requests.

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "base/random.h"
#include "workload/lengths.h"
#include "workload/load_curve.h"
#include "workload/request.h"
#include "workload/request_terms.h"

namespace plumb::workload {

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
  double rate_per_s = 1.0;    ///< mean over the curve's period; infinity puts all arrivals at 0
  std::int64_t count = 1000;  ///< at most so many
  double duration_s = std::numeric_limits<double>::infinity();  ///< none arrives at this time or later
  std::uint64_t seed = 0;
  double burstiness = 1.0;
  /// Flat by default: a curve stretches time so that the rate follows it (time-rescaled renewal process).
  LoadCurve curve;
  RequestTerms terms;
};

/// The arrival times of GeneratorOptions, one after another, never decreasing; from stream "arrivals" of the seed.
class ArrivalTimes {
 public:
  explicit ArrivalTimes(const GeneratorOptions& options);
  /// The next time, or infinity once `count` were given or `duration_s` is reached.
  double next_s();

 private:
  std::unique_ptr<ArrivalProcess> process_;
  Stream stream_;
  LoadCurve curve_;
  LoadCurve::Cursor cursor_;
  double rate_per_s_, duration_s_;
  std::int64_t left_;
  double gaps_ = 0.0, arrival_s_ = 0.0;
};

/// Requests at ArrivalTimes, with lengths from stream "lengths" and patience from stream "terms" of the seed.
RequestSourcePtr generate_requests(GeneratorOptions options, LengthSamplerPtr lengths);

/// Requests given as they are.
RequestSourcePtr fixed_requests(std::vector<Request> requests);

}  // namespace plumb::workload

#include "workload/arrivals.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace plumb::workload {
namespace {

class PoissonArrivals : public ArrivalProcess {
 public:
  double next_gap(Stream& stream) override { return stream.exponential(1.0); }
};

class GammaArrivals : public ArrivalProcess {
 public:
  explicit GammaArrivals(double burstiness) : burstiness_(burstiness) { assert(burstiness > 0.0); }
  double next_gap(Stream& stream) override { return stream.gamma(burstiness_, 1.0 / burstiness_); }

 private:
  double burstiness_;
};

/// Gaps are summed as multiples of the mean gap and only then divided by the rate, so that times at two rates have the
/// ratio of the rates. The curve maps a time under its mean load to the time at which as much load has come under the
/// curve: a renewal process in rescaled time.
class GeneratedRequests : public RequestSource {
 public:
  GeneratedRequests(GeneratorOptions options, LengthSamplerPtr lengths)
      : options_(std::move(options)),
        lengths_(std::move(lengths)),
        process_(options_.burstiness == 1.0 ? poisson_arrivals() : gamma_arrivals(options_.burstiness)),
        arrival_stream_(options_.seed, "arrivals"),
        length_stream_(options_.seed, "lengths") {
    assert(options_.rate_per_s > 0.0);
    assert(lengths_ != nullptr);
  }

  Result<std::optional<Request>> next() override {
    if (given_ >= options_.count) return std::nullopt;
    gaps_ += process_->next_gap(arrival_stream_);
    // Rounding where two pieces of the curve meet must not put a request before the last one.
    arrival_s_ = std::max(arrival_s_, options_.curve.time_at_load_s(gaps_ / options_.rate_per_s));
    const Lengths lengths = lengths_->sample(length_stream_);
    Request request;
    request.id = given_++;
    request.arrival_s = std::isinf(options_.rate_per_s) ? 0.0 : arrival_s_;
    request.prompt_tokens = lengths.prompt_tokens;
    request.output_tokens = lengths.output_tokens;
    return request;
  }

 private:
  GeneratorOptions options_;
  LengthSamplerPtr lengths_;
  std::unique_ptr<ArrivalProcess> process_;
  Stream arrival_stream_, length_stream_;
  double gaps_ = 0.0, arrival_s_ = 0.0;
  std::int64_t given_ = 0;
};

class FixedRequests : public RequestSource {
 public:
  explicit FixedRequests(std::vector<Request> requests) : requests_(std::move(requests)) {
    assert(std::is_sorted(requests_.begin(), requests_.end(),
                          [](const Request& a, const Request& b) { return a.arrival_s < b.arrival_s; }));
  }
  Result<std::optional<Request>> next() override {
    if (given_ == requests_.size()) return std::nullopt;
    return std::move(requests_[given_++]);
  }

 private:
  std::vector<Request> requests_;
  std::size_t given_ = 0;
};

}  // namespace

std::unique_ptr<ArrivalProcess> poisson_arrivals() { return std::make_unique<PoissonArrivals>(); }

std::unique_ptr<ArrivalProcess> gamma_arrivals(double burstiness) {
  return std::make_unique<GammaArrivals>(burstiness);
}

RequestSourcePtr generate_requests(GeneratorOptions options, LengthSamplerPtr lengths) {
  return std::make_unique<GeneratedRequests>(std::move(options), std::move(lengths));
}

RequestSourcePtr fixed_requests(std::vector<Request> requests) {
  return std::make_unique<FixedRequests>(std::move(requests));
}

}  // namespace plumb::workload

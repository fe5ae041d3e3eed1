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

class GeneratedRequests : public RequestSource {
 public:
  GeneratedRequests(GeneratorOptions options, LengthSamplerPtr lengths)
      : terms_(std::move(options.terms)),
        lengths_(std::move(lengths)),
        times_(options),
        length_stream_(options.seed, "lengths"),
        terms_stream_(options.seed, "terms"),
        count_max_(options.count) {
    assert(lengths_ != nullptr);
  }
  std::int64_t count_max() const override { return count_max_; }

  Result<std::optional<Request>> next() override {
    const double arrival_s = times_.next_s();
    if (arrival_s == never_s) return std::nullopt;
    const Lengths lengths = lengths_->sample(length_stream_);
    Request request;
    request.id = given_++;
    request.arrival_s = arrival_s;
    request.prompt_tokens = lengths.prompt_tokens;
    request.output_tokens = lengths.output_tokens;
    terms_.put_on(request, terms_stream_);
    return request;
  }

 private:
  RequestTerms terms_;
  LengthSamplerPtr lengths_;
  ArrivalTimes times_;
  Stream length_stream_, terms_stream_;
  std::int64_t count_max_, given_ = 0;
};

class FixedRequests : public RequestSource {
 public:
  explicit FixedRequests(std::vector<Request> requests) : requests_(std::move(requests)) {
    assert(std::is_sorted(requests_.begin(), requests_.end(),
                          [](const Request& a, const Request& b) { return a.arrival_s < b.arrival_s; }));
  }
  std::int64_t count_max() const override { return static_cast<std::int64_t>(requests_.size()); }
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

ArrivalTimes::ArrivalTimes(const GeneratorOptions& options)
    : process_(options.burstiness == 1.0 ? poisson_arrivals() : gamma_arrivals(options.burstiness)),
      stream_(options.seed, "arrivals"),
      curve_(options.curve),
      rate_per_s_(options.rate_per_s),
      duration_s_(options.duration_s),
      left_(options.count) {
  assert(rate_per_s_ > 0.0);
}

/// Gaps are summed as multiples of the mean gap and only then divided by the rate, so that times at two rates have the
/// ratio of the rates. The curve maps a time under its mean load to the time at which as much load has come under the
/// curve: a renewal process in rescaled time.
double ArrivalTimes::next_s() {
  if (left_ <= 0) return never_s;
  --left_;
  gaps_ += process_->next_gap(stream_);
  if (!std::isinf(rate_per_s_)) {
    // Rounding where two pieces of the curve meet must not put a request before the last one.
    arrival_s_ = std::max(arrival_s_, curve_.time_at_load_s(gaps_ / rate_per_s_, cursor_));
  }
  if (arrival_s_ < duration_s_) return arrival_s_;
  left_ = 0;
  return never_s;
}

RequestSourcePtr generate_requests(GeneratorOptions options, LengthSamplerPtr lengths) {
  return std::make_unique<GeneratedRequests>(std::move(options), std::move(lengths));
}

RequestSourcePtr fixed_requests(std::vector<Request> requests) {
  return std::make_unique<FixedRequests>(std::move(requests));
}

}  // namespace plumb::workload

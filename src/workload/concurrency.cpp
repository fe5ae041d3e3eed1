#include "workload/concurrency.h"

#include <algorithm>
#include <cassert>

namespace plumb::workload {
namespace {

/// An open source as a closed loop: its next request is read ahead, so that its arrival is known.
class ReadAhead : public RequestSource {
 public:
  explicit ReadAhead(RequestSourcePtr source) : source_(std::move(source)), ahead_(source_->next()) {
    if (ahead_ && *ahead_) arrival_s_ = (*ahead_)->arrival_s;
  }

  bool closed_loop() const override { return true; }

  double next_arrival_s() const override {
    if (!ahead_) return arrival_s_;  // an error, due as early as the order of arrivals allows
    return *ahead_ ? (*ahead_)->arrival_s : never_s;
  }

  Result<std::optional<Request>> next() override {
    Result<std::optional<Request>> given = std::move(ahead_);
    ahead_ = std::nullopt;
    if (!given || !*given) return given;
    arrival_s_ = (*given)->arrival_s;
    ahead_ = source_->next();
    return given;
  }

 private:
  RequestSourcePtr source_;
  Result<std::optional<Request>> ahead_;
  double arrival_s_ = 0.0;  ///< of the request given last
};

class LimitedConcurrency : public RequestSource {
 public:
  LimitedConcurrency(RequestSourcePtr source, std::int64_t max_concurrency)
      : source_(source->closed_loop() ? std::move(source) : std::make_unique<ReadAhead>(std::move(source))),
        free_(max_concurrency) {
    assert(max_concurrency >= 1);
  }

  bool closed_loop() const override { return true; }

  double next_arrival_s() const override {
    // Requests that waited are due before now: they are sent when the place became free.
    return free_ > 0 ? std::max(source_->next_arrival_s(), free_since_s_) : never_s;
  }

  Result<std::optional<Request>> next() override {
    const double arrival_s = next_arrival_s();
    if (arrival_s == never_s) return std::nullopt;
    Result<std::optional<Request>> given = source_->next();
    if (!given || !*given) return given;
    (*given)->arrival_s = arrival_s;
    --free_;
    return given;
  }

  void finished(std::int64_t id, double time_s) override {
    source_->finished(id, time_s);
    if (free_++ == 0) free_since_s_ = time_s;
  }

 private:
  RequestSourcePtr source_;  ///< a closed loop
  std::int64_t free_;
  double free_since_s_ = 0.0;  ///< since when not all places have been taken
};

}  // namespace

RequestSourcePtr limit_concurrency(RequestSourcePtr source, std::int64_t max_concurrency) {
  return std::make_unique<LimitedConcurrency>(std::move(source), max_concurrency);
}

}  // namespace plumb::workload

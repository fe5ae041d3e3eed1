#pragma once
// Fills the metrics of vLLM's names with what a simulation tells, replica by replica. Thread rule: one thread.

#include <cstdint>
#include <string>
#include <vector>

#include "cli/vllm_metrics.h"
#include "serving/simulation.h"

namespace plumb::cli {

class MetricsFeed : public serving::RequestObserver {
 public:
  /// `cache_tiers`: whether there are caches beyond the prefix cache.
  MetricsFeed(std::int64_t max_model_len, int replicas, bool cache_tiers);

  void ran(const serving::StepRun& run, std::size_t replica);
  void gaps(const Ramp& ramp, std::int64_t count, std::size_t replica);
  void arrived(const serving::RequestRecord&) override {}
  void scheduled(const serving::RequestRecord&, double) override {}
  void first_token(const serving::RequestRecord& record) override;
  void preempted(const serving::RequestRecord& record, double time_s) override;
  void resumed(const serving::RequestRecord&, double) override {}
  void ended(const serving::RequestRecord& record, double time_s) override;

  /// As it is now, which is the end of the simulation.
  std::string text(const std::string& model_name);

 private:
  struct Replica {
    explicit Replica(std::int64_t max_model_len) : metrics(max_model_len) {}
    void count_iteration();
    VllmMetrics metrics;
    std::int64_t steps = 0, tokens = 0;  ///< of the last run, to which first tokens may still bring prompts
  };
  Replica& of(const serving::RequestRecord& record) { return replicas_[static_cast<std::size_t>(record.replica)]; }

  std::vector<Replica> replicas_;
};

/// Counts `count` values for each step of a ramp, its length in seconds: as many adds as the ramp passes buckets.
void add_ramp(const Ramp& ramp, std::int64_t count, report::Histogram& histogram);

}  // namespace plumb::cli

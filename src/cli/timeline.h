#pragma once
// What engines do, as a timeline for ui.perfetto.dev (docs/outputs.md): a process for each replica, under it its steps,
// counters, and its requests, each on a track of its own with what it goes through nested in it:
//
//   request 17   |-- queue --|-- prefill --|------- decode -------|-- preempted --|-- prefill --|-- decode --|
//
// Times are seconds of the simulation's clock. They do not decrease for one request, nor the beginnings of one
// replica's steps; otherwise the order of calls is free, so replicas can be told of one after another. Failures show in
// status() and finish(), and without finish() nothing is left behind. Memory is bounded by the requests in flight.
// Thread rule: one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "cli/step_record.h"
#include "report/perfetto_trace.h"

namespace plumb::cli {

class Timeline {
 public:
  /// `path` ends in .pftrace, or .pftrace.gz.
  [[nodiscard]] static Result<Timeline> create(const std::string& path, int replicas);

  /// A step, told as a whole when it begins, or `steps` equal ones that follow each other, whose duration is that of
  /// all. Steps of a replica may overlap, as they do in a pipeline.
  void step(const StepRecord& step, std::int64_t steps = 1);
  /// The replica's queue has changed, not before the beginning of its last step.
  void waiting(int replica, double time_s, std::int64_t requests);
  /// The replica has nothing to do from now on.
  void idle(int replica, double time_s, std::optional<double> power_w = {});

  /// A transfer over one of the replica's links, which are numbered from 0 and make one after another. `link` names its
  /// track; what is told of a link first counts.
  struct Transfer {
    std::size_t number = 0;
    std::string link;
    double asked_s = 0.0, begin_s = 0.0, end_s = 0.0;
    std::int64_t bytes = 0;
  };
  void transferred(int replica, const Transfer& transfer);

  void arrived(std::int64_t request, int replica, double time_s, std::int64_t prompt_tokens,
               std::int64_t output_tokens);
  /// In a step for the first time, or again after a preemption.
  void prefilling(std::int64_t request, double time_s);
  /// Its first token came, or the first after a preemption.
  void decoding(std::int64_t request, double time_s);
  void preempted(std::int64_t request, double time_s);
  void finished(std::int64_t request, double time_s);

  const Status& status() const { return trace_.status(); }
  std::uint64_t bytes_written() const { return trace_.bytes_written(); }
  [[nodiscard]] Status finish() { return trace_.finish(); }

 private:
  using Track = report::PerfettoTrace::Track;
  struct Lane {
    Track track;
    double free_s = 0.0;
  };
  struct Replica {
    Track process;
    Track running, waiting, cache, tokens;
    std::optional<Track> power;              ///< made with the first figure
    std::vector<Lane> lanes;                 ///< of steps, as many as there are at once
    std::vector<std::optional<Lane>> links;  ///< by number, made with the first transfer
  };

  explicit Timeline(report::PerfettoTrace trace) : trace_(std::move(trace)) {}
  void add_replica(int number);
  Replica& replica_of(int number);
  Lane& lane_for(Replica& replica, double time_s);
  void count_power(Replica& replica, double time_s, std::optional<double> power_w);
  void next_phase(std::int64_t request, double time_s, const char* name);

  report::PerfettoTrace trace_;
  std::vector<Replica> replicas_;
  std::unordered_map<std::int64_t, Track> requests_;  ///< in flight
};

}  // namespace plumb::cli

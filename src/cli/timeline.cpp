#include "cli/timeline.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "report/units.h"

namespace plumb::cli {
namespace {

std::string step_name(const StepRecord& step, std::int64_t steps) {
  if (steps > 1) return fmt::format("decode {} x {}", step.decode_sequences, steps);
  if (step.prefill_tokens == 0) return fmt::format("decode {}", step.decode_sequences);
  if (step.decode_sequences == 0) return fmt::format("prefill {}", step.prefill_tokens);
  return fmt::format("prefill {} + decode {}", step.prefill_tokens, step.decode_sequences);
}

/// To a tenth, which is finer than a plot shows: a cache that grows by a block a step would be a point each.
double percent(double share) { return std::round(share * 1000.0) / 10.0; }

}  // namespace

Result<Timeline> Timeline::create(const std::string& path, int replicas) {
  PLUMB_ASSIGN(report::PerfettoTrace trace, report::PerfettoTrace::create(path));
  Timeline timeline(std::move(trace));
  for (int i = 0; i < replicas; ++i) timeline.add_replica(i);
  return timeline;
}

void Timeline::add_replica(int number) {
  Replica replica;
  replica.process = trace_.add_process(fmt::format("replica {}", number));
  replica.running = trace_.add_counter(replica.process, "running", "sequences");
  replica.waiting = trace_.add_counter(replica.process, "waiting", "requests");
  replica.cache = trace_.add_counter(replica.process, "KV cache use", "%");
  replica.tokens = trace_.add_counter(replica.process, "batch tokens", "tokens");
  replicas_.push_back(std::move(replica));
}

Timeline::Replica& Timeline::replica_of(int number) {
  assert(number >= 0 && static_cast<std::size_t>(number) < replicas_.size() && "a replica of this timeline");
  return replicas_[static_cast<std::size_t>(number)];
}

Timeline::Lane& Timeline::lane_for(Replica& replica, double time_s) {
  // A step that begins when another ends may be told a rounding earlier.
  constexpr double tolerance_s = 1e-9;
  const auto lane = std::find_if(replica.lanes.begin(), replica.lanes.end(),
                                 [time_s](const Lane& candidate) { return candidate.free_s <= time_s + tolerance_s; });
  if (lane != replica.lanes.end()) return *lane;
  return replica.lanes.emplace_back(Lane{trace_.add_slices(replica.process, "steps")});
}

void Timeline::count_power(Replica& replica, double time_s, std::optional<double> power_w) {
  if (!power_w) return;
  if (!replica.power) replica.power = trace_.add_counter(replica.process, "power of steps", "W");
  trace_.count(*replica.power, time_s, *power_w);
}

void Timeline::step(const StepRecord& step, std::int64_t steps) {
  assert(steps == 1 || (steps > 1 && step.prefill_tokens == 0));
  Replica& replica = replica_of(step.replica);
  Lane& lane = lane_for(replica, step.time_s);
  trace_.begin(lane.track, std::max(step.time_s, lane.free_s), step_name(step, steps),
               {{"steps", steps},
                {"tokens", step.tokens},
                {"sequences", step.sequences},
                {"prefill_tokens", step.prefill_tokens},
                {"kv_cache_usage_percent", percent(step.kv_cache_usage)}});
  lane.free_s = std::max(step.time_s + step.duration_s, lane.free_s);
  trace_.end(lane.track, lane.free_s);
  trace_.count(replica.running, step.time_s, static_cast<double>(step.sequences));
  trace_.count(replica.waiting, step.time_s, static_cast<double>(step.waiting));
  trace_.count(replica.cache, step.time_s, percent(step.kv_cache_usage));
  trace_.count(replica.tokens, step.time_s, static_cast<double>(step.tokens));
  count_power(replica, step.time_s, step.power_w);
}

void Timeline::waiting(int replica, double time_s, std::int64_t requests) {
  trace_.count(replica_of(replica).waiting, time_s, static_cast<double>(requests));
}

void Timeline::idle(int replica, double time_s, std::optional<double> power_w) {
  Replica& of = replica_of(replica);
  for (const Track counter : {of.running, of.waiting, of.cache, of.tokens}) trace_.count(counter, time_s, 0.0);
  count_power(of, time_s, power_w);
}

void Timeline::transferred(int replica, const Transfer& transfer) {
  Replica& of = replica_of(replica);
  if (transfer.number >= of.links.size()) of.links.resize(transfer.number + 1);
  std::optional<Lane>& link = of.links[transfer.number];
  if (!link) link = Lane{trace_.add_slices(of.process, transfer.link)};
  trace_.begin(link->track, std::max(transfer.begin_s, link->free_s),
               report::human(Bytes::of(static_cast<double>(transfer.bytes))),
               {{"bytes", transfer.bytes}, {"queued_us", (transfer.begin_s - transfer.asked_s) * 1e6}});
  link->free_s = std::max(transfer.end_s, link->free_s);
  trace_.end(link->track, link->free_s);
}

void Timeline::arrived(std::int64_t request, int replica, double time_s, std::int64_t prompt_tokens,
                       std::int64_t output_tokens) {
  const Track track = trace_.add_slices(replica_of(replica).process, "requests");
  [[maybe_unused]] const bool fresh = requests_.emplace(request, track).second;
  assert(fresh && "a request arrives once");
  trace_.begin_once(track, time_s, fmt::format("request {}", request),
                    {{"prompt_tokens", prompt_tokens}, {"output_tokens", output_tokens}});
  trace_.begin(track, time_s, "queue");
}

void Timeline::next_phase(std::int64_t request, double time_s, const char* name) {
  const auto track = requests_.find(request);
  assert(track != requests_.end() && "a request in flight");
  trace_.end(track->second, time_s);
  trace_.begin(track->second, time_s, name);
}

void Timeline::prefilling(std::int64_t request, double time_s) { next_phase(request, time_s, "prefill"); }
void Timeline::decoding(std::int64_t request, double time_s) { next_phase(request, time_s, "decode"); }
void Timeline::preempted(std::int64_t request, double time_s) { next_phase(request, time_s, "preempted"); }

void Timeline::finished(std::int64_t request, double time_s) {
  const auto track = requests_.find(request);
  assert(track != requests_.end() && "a request finishes once");
  trace_.end(track->second, time_s);  // its phase
  trace_.end(track->second, time_s);
  trace_.close(track->second);
  requests_.erase(track);
}

}  // namespace plumb::cli

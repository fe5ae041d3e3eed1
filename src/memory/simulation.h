#pragma once
// A system of channels under a stream of accesses.
//
//   const auto pattern = make_pattern("seq", space_of(specification, 1));
//   PLUMB_ASSIGN(const MemoryReport report, simulate(specification, *pattern, {.requests = 1'000'000}));
//
// The stream is handed out to the channels by the address mapping. Channels share nothing: each takes its accesses in
// their order as soon as its queues have room (or when they arrive, if the stream says when), however far the others
// are, so there is always a next access waiting before the queue of each. The run ends when all are served.
//
// Channels run on several threads, the stream is taken on one of them meanwhile. Nothing in the result depends on their
// number. Memory is bounded by the channels and not by the length of the stream.

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "base/quantity.h"
#include "base/result.h"
#include "memory/access_source.h"
#include "memory/channel_controller.h"
#include "memory/energy.h"
#include "memory/pattern.h"

namespace plumb::memory {

struct SimulationOptions {
  std::int64_t requests = 0;  ///< stops after so many accesses; 0: where the stream ends
  int jobs = 0;               ///< threads; 0: all processors
  ControllerKind controller = ControllerKind::event_driven;
  /// Gets the commands of one channel after the other, again and again; those of one channel come in order of time.
  /// Called by the thread that called simulate().
  std::function<void(int channel, std::span<const IssuedCommand> commands)> commands = {};
  /// Called now and then with the accesses handed out so far, by the thread that called simulate().
  std::function<void(std::int64_t requests)> progress = {};
  const std::atomic<bool>* interrupt = nullptr;  ///< once true, the run ends early, and the report says so
};

struct MemoryReport {
  /// Of reads, from when the controller has them (accepted, or arrived) to the end of their burst.
  struct Latency {
    double mean_ns = 0, p50_ns = 0, p90_ns = 0, p99_ns = 0, max_ns = 0;
  };

  ChannelCounters counters;    ///< of all channels
  std::int64_t requests = 0;   ///< accesses served
  std::int64_t refreshes = 0;  ///< refresh commands
  double cycles = 0;           ///< clocks of the specification until the last burst has ended
  double time_s = 0;           ///< the same
  double bytes = 0;            ///< of the accesses served
  BytesPerSecond bandwidth = BytesPerSecond::of(0), peak = BytesPerSecond::of(0);
  std::optional<Latency> latency;     ///< nothing where nothing was read
  double unloaded_latency_ns = 0;     ///< of one read of a closed bank in an idle memory: tRCD + CL + burst
  std::optional<EnergyParts> energy;  ///< nothing where the specification has none
  bool interrupted = false;

  double peak_share() const { return bandwidth / peak; }
  /// Row hits of all accesses that went to the memory's banks.
  double row_hit_share() const;
  /// Per bit of the accesses served.
  std::optional<double> energy_pj_per_bit() const;
};

/// The space of addresses of a specification's system.
PatternSpace space_of(const Specification& specification, std::uint64_t seed);

/// Errors are those of the stream.
[[nodiscard]] Result<MemoryReport> simulate(const Specification& specification, AccessSource& source,
                                            const SimulationOptions& options = {});

/// One read of a closed bank in an idle memory, from its acceptance to the end of its burst.
Tick unloaded_read_latency(const Specification& specification, ControllerKind kind = ControllerKind::event_driven);

}  // namespace plumb::memory

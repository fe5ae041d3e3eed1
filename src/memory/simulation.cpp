#include "memory/simulation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "base/parallel.h"
#include "memory/address_mapping.h"

namespace plumb::memory {
namespace {

/// Accesses that a channel gets at a time, on average: enough that its state, once in the processor's cache, is used
/// for some 100 µs, and few enough that what all channels wait for stays in it too.
constexpr std::int64_t accesses_a_channel = 1024;
constexpr std::int64_t accesses_a_round_least = 8192, accesses_a_round_most = std::int64_t{1} << 18;

/// What the channels get in one round.
struct Round {
  std::vector<std::vector<Access>> accesses;  ///< a channel each
  std::int64_t count = 0;
  bool last = false;
  Status status;
};

/// Hands a stream out to the channels.
class Distributor {
 public:
  Distributor(const AddressMapping& mapping, AccessSource& source, int channels, std::int64_t requests)
      : mapping_(mapping),
        source_(source),
        limit_(requests),
        round_(std::clamp(accesses_a_channel * channels, accesses_a_round_least, accesses_a_round_most)) {}

  void fill(Round& round) {
    for (std::vector<Access>& accesses : round.accesses) accesses.clear();
    round.count = 0;
    const std::int64_t most = limit_ > 0 ? std::min(round_, limit_ - taken_) : round_;
    while (round.count < most && !round.last) {
      const auto wanted = static_cast<std::size_t>(
          std::min<std::int64_t>(static_cast<std::int64_t>(block_.size()), most - round.count));
      const Result<std::size_t> got = source_.next(std::span(block_).first(wanted));
      if (!got) {
        round.status = fail(got.error());
        round.last = true;
        return;
      }
      hand_out(std::span(block_).first(*got), round);
      round.count += static_cast<std::int64_t>(*got);
      round.last = *got < wanted;
    }
    taken_ += round.count;
    round.last = round.last || (limit_ > 0 && taken_ == limit_);
  }

 private:
  void hand_out(std::span<const AddressedAccess> block, Round& round) {
    for (const AddressedAccess& access : block) {
      const Location at = mapping_.locate(access.address);
      round.accesses[static_cast<std::size_t>(at.channel)].push_back(
          {at.row, at.column, static_cast<std::int16_t>(at.bank), access.write, access.arrival});
    }
  }

  const AddressMapping& mapping_;
  AccessSource& source_;
  std::int64_t limit_, round_, taken_ = 0;
  std::array<AddressedAccess, 1024> block_;
};

struct Channel {
  std::unique_ptr<ChannelController> controller;
  std::vector<IssuedCommand> commands;  ///< of this round, where somebody wants them
};

class System {
 public:
  System(const Specification& specification, const SimulationOptions& options)
      : options_(options), channels_(static_cast<std::size_t>(specification.organisation.channels)) {
    for (Channel& channel : channels_) {
      CommandSink sink;
      if (options.commands) sink = [&channel](const IssuedCommand& command) { channel.commands.push_back(command); };
      channel.controller = make_channel_controller(specification, options.controller, std::move(sink));
    }
  }

  /// Serves a round, while `distributor` makes the next one.
  void serve(const Round& round, Distributor& distributor, Round& next) {
    // The first task is the only one that others may have to wait for, so it begins first.
    parallel_for(channels_.size() + 1, options_.jobs, [&](std::size_t task) {
      if (task == 0) {
        if (!round.last) distributor.fill(next);
        return;
      }
      Channel& channel = channels_[task - 1];
      channel.controller->offer(round.accesses[task - 1]);
      channel.controller->run(round.last);
    });
    if (!options_.commands) return;
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      options_.commands(static_cast<int>(i), channels_[i].commands);
      channels_[i].commands.clear();
    }
  }

  ChannelCounters counters() const {
    ChannelCounters all;
    for (const Channel& channel : channels_) all.merge(channel.controller->counters());
    return all;
  }

 private:
  const SimulationOptions& options_;
  std::vector<Channel> channels_;
};

MemoryReport::Latency latency_of(const Specification& of, const LatencyHistogram& histogram) {
  const auto quantile = [&](double q) { return of.nanoseconds(static_cast<double>(histogram.quantile(q))); };
  return {of.nanoseconds(histogram.mean()), quantile(0.5), quantile(0.9), quantile(0.99),
          of.nanoseconds(static_cast<double>(histogram.max()))};
}

MemoryReport report_of(const Specification& of, ChannelCounters counters) {
  MemoryReport report;
  report.requests = counters.accesses();
  for (std::size_t i = 0; i < counters.commands.size(); ++i)
    if (of.commands[i].does == Does::refresh) report.refreshes += counters.commands[i];
  const auto end = static_cast<double>(counters.end);
  report.cycles = std::ceil(end / of.ticks_per_clock);
  report.time_s = end * of.tick_s();
  report.bytes = static_cast<double>(report.requests) * of.organisation.access_bytes;
  report.peak = of.peak_bandwidth();
  if (counters.end > 0) report.bandwidth = BytesPerSecond::of(report.bytes / report.time_s);
  if (counters.read_latency.count() > 0) report.latency = latency_of(of, counters.read_latency);
  if (of.energy) report.energy = energy_of(of, counters);
  report.counters = std::move(counters);
  return report;
}

}  // namespace

double MemoryReport::row_hit_share() const {
  const std::int64_t all = counters.row_hits + counters.row_misses + counters.row_conflicts;
  return all == 0 ? 0.0 : static_cast<double>(counters.row_hits) / static_cast<double>(all);
}

std::optional<double> MemoryReport::energy_pj_per_bit() const {
  constexpr double bits_per_byte = 8.0, pico = 1e12;
  if (!energy || bytes == 0.0) return std::nullopt;
  return energy->total() / (bytes * bits_per_byte) * pico;
}

PatternSpace space_of(const Specification& specification, std::uint64_t seed) {
  const Organisation& of = specification.organisation;
  return {static_cast<std::uint64_t>(of.capacity_bytes()), static_cast<std::uint64_t>(of.access_bytes), seed};
}

Result<MemoryReport> simulate(const Specification& specification, AccessSource& source,
                              const SimulationOptions& options) {
  PLUMB_ASSIGN(const AddressMapping mapping,
               AddressMapping::make(specification.mapping, specification.organisation, {}));
  const int channels = specification.organisation.channels;
  Distributor distributor(mapping, source, channels, options.requests);
  System system(specification, options);
  Round rounds[2];
  for (Round& round : rounds) round.accesses.resize(static_cast<std::size_t>(channels));
  Round *now = &rounds[0], *next = &rounds[1];
  distributor.fill(*now);
  std::int64_t served = 0;
  bool interrupted = false;
  for (;;) {
    if (!now->status) return fail(now->status.error());
    interrupted = options.interrupt != nullptr && options.interrupt->load(std::memory_order_relaxed);
    if (interrupted) now->last = true;
    system.serve(*now, distributor, *next);
    served += now->count;
    if (options.progress) options.progress(served);
    if (now->last) break;
    std::swap(now, next);
  }
  MemoryReport report = report_of(specification, system.counters());
  report.unloaded_latency_ns =
      specification.nanoseconds(static_cast<double>(unloaded_read_latency(specification, options.controller)));
  report.interrupted = interrupted;
  return report;
}

Tick unloaded_read_latency(const Specification& specification, ControllerKind kind) {
  Specification idle = specification;
  idle.controller.refresh = RefreshMode::none;
  const auto controller = make_channel_controller(idle, kind);
  const Access read;
  controller->offer({&read, 1});
  controller->run(true);
  return controller->counters().read_latency.max();
}

}  // namespace plumb::memory

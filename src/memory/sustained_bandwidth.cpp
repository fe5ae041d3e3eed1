#include "memory/sustained_bandwidth.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <mutex>

#include "base/parallel.h"
#include "memory/address_mapping.h"
#include "memory/channel_controller.h"
#include "memory/energy.h"

namespace plumb::memory {
namespace {

// Small blocks are a matter of which banks their few accesses fall on, so each size has a point of its own; larger ones
// have four to the octave.
constexpr int small_accesses = 32;
constexpr double block_bytes_max = 4194304.0;
constexpr int parts_of_octave = 8;
// Few writes among reads, and few reads among writes, cost most for each: a batch of them is spread over many rows.
constexpr std::array write_shares_64ths{0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 40, 48, 52, 56, 58, 60, 61, 62, 63, 64};
// Refreshes come at fixed times: of so many intervals, one more or less is a third of a percent.
constexpr double refresh_intervals = 32.0;
constexpr double accesses_least = 20000.0, accesses_most = 400000.0;

/// Between a and b at x in [x_a, x_b].
double between(double a, double b, double x_a, double x_b, double x) {
  return x_b > x_a ? a + (b - a) * (x - x_a) / (x_b - x_a) : a;
}

/// Between two points: times and energies of what is moved are linear, and weigh by it.
SustainedPoint interpolate(const SustainedPoint& low, const SustainedPoint& high, const Demand& demand) {
  const double x = demand.parameter, x_low = low.demand.parameter, x_high = high.demand.parameter;
  // Of a block, what is linear is the time of the whole of it; of a mixture, that of a byte.
  const bool blocks = demand.kind == Demand::Kind::gathered;
  const auto linear = [&](double of_low, double of_high) {
    if (!blocks) return between(of_low, of_high, x_low, x_high, x);
    return between(of_low * x_low, of_high * x_high, x_low, x_high, x) / x;
  };
  SustainedPoint point{demand};
  point.share = 1.0 / linear(1.0 / low.share, 1.0 / high.share);
  point.row_hit_share = linear(low.row_hit_share, high.row_hit_share);
  point.activations_per_byte = linear(low.activations_per_byte, high.activations_per_byte);
  point.joules_per_byte = linear(low.joules_per_byte, high.joules_per_byte);
  return point;
}

/// Feeds a channel its part of a demand.
void serve(ChannelController& controller, const Specification& specification, const Demand& demand,
           std::int64_t accesses) {
  const AddressMapping mapping = AddressMapping::make(specification.mapping, specification.organisation, {}).value();
  const std::unique_ptr<AccessSource> source = make_demand(demand, specification);
  std::array<AddressedAccess, 4096> block;
  std::vector<Access> own;
  std::int64_t left = accesses;
  while (left > 0) {
    own.clear();
    const std::size_t count = source->next(block).value();
    for (std::size_t i = 0; i < count && left > 0; ++i) {
      const Location at = mapping.locate(block[i].address);
      if (at.channel != 0) continue;
      own.push_back({at.row, at.column, static_cast<std::int16_t>(at.bank), block[i].write});
      --left;
    }
    controller.offer(own);
    controller.run(left == 0);
  }
}

}  // namespace

std::vector<Demand> measured_demands(const Specification& specification) {
  std::vector<Demand> demands{{Demand::Kind::streamed, 0.0}};
  const double access = specification.organisation.access_bytes;
  for (int accesses = 1; accesses < small_accesses; ++accesses)
    demands.push_back({Demand::Kind::gathered, access * accesses});
  for (double octave = access * small_accesses; octave < block_bytes_max; octave *= 2.0) {
    for (int part = 0; part < parts_of_octave; ++part)
      demands.push_back({Demand::Kind::gathered, octave * (1.0 + static_cast<double>(part) / parts_of_octave)});
  }
  demands.push_back({Demand::Kind::gathered, block_bytes_max});
  for (const int share : write_shares_64ths) demands.push_back({Demand::Kind::mixed, share / 64.0});
  return demands;
}

SustainedPoint measure(const Specification& specification, const Demand& demand) {
  const auto bytes = static_cast<double>(specification.organisation.access_bytes);
  const double per_tick =
      static_cast<double>(specification.organisation.pseudo_channels) / static_cast<double>(specification.burst);
  const double wanted = refresh_intervals * static_cast<double>(specification.refresh_interval) * per_tick;
  const auto accesses = static_cast<std::int64_t>(std::clamp(wanted, accesses_least, accesses_most));
  const auto controller = make_channel_controller(specification, ControllerKind::event_driven);
  serve(*controller, specification, demand, accesses);

  const ChannelCounters& counters = controller->counters();
  const double moved = bytes * static_cast<double>(counters.accesses());
  SustainedPoint point{demand};
  point.share = static_cast<double>(counters.accesses()) / (static_cast<double>(counters.end) * per_tick);
  point.row_hit_share = static_cast<double>(counters.row_hits) / static_cast<double>(counters.accesses());
  const int activate = specification.command(Does::activate);
  point.activations_per_byte = static_cast<double>(counters.commands[static_cast<std::size_t>(activate)]) / moved;
  if (specification.energy) {
    Specification one = specification;
    one.organisation.channels = 1;
    point.joules_per_byte = energy_of(one, counters).total() / moved;
  }
  return point;
}

SustainedBandwidth measure_all(const Specification& specification, int jobs) {
  const std::vector<Demand> demands = measured_demands(specification);
  std::vector<SustainedPoint> points(demands.size());
  parallel_for(demands.size(), jobs, [&](std::size_t i) { points[i] = measure(specification, demands[i]); });
  return SustainedBandwidth(std::move(points));
}

/// Streamed, then gathered by size, then mixed by share.
struct SustainedBandwidth::Points {
  std::vector<Demand> demands;
  std::vector<SustainedPoint> of;  ///< what is written and read under the mutex, as is the next
  std::vector<bool> known;
  std::size_t first_mixed = 0;
  Measure measure;
  std::mutex mutex;

  void add(const Demand& demand) {
    demands.push_back(demand);
    if (demand.kind != Demand::Kind::mixed) first_mixed = demands.size();
  }

  const SustainedPoint& get(std::size_t index) {
    if (!known[index]) {
      of[index] = measure(demands[index]);
      known[index] = true;
    }
    return of[index];
  }
};

SustainedBandwidth::SustainedBandwidth(std::vector<SustainedPoint> points) : points_(std::make_shared<Points>()) {
  assert(!points.empty());
  for (const SustainedPoint& point : points) points_->add(point.demand);
  points_->known.assign(points.size(), true);
  points_->of = std::move(points);
}

SustainedBandwidth::SustainedBandwidth(const std::vector<Demand>& demands, Measure measure)
    : points_(std::make_shared<Points>()) {
  assert(!demands.empty());
  for (const Demand& demand : demands) points_->add(demand);
  points_->known.assign(demands.size(), false);
  points_->of.resize(demands.size());
  points_->measure = std::move(measure);
}

SustainedPoint SustainedBandwidth::point(std::size_t index) const {
  const std::lock_guard lock(points_->mutex);
  return points_->get(index);
}

std::span<const SustainedPoint> SustainedBandwidth::points() const {
  const std::lock_guard lock(points_->mutex);
  for (std::size_t i = 0; i < points_->of.size(); ++i) points_->get(i);
  return points_->of;
}

SustainedPoint SustainedBandwidth::at(const Demand& demand) const {
  if (demand.kind == Demand::Kind::streamed) return point(0);
  const std::size_t count = points_->demands.size();
  const bool gathered = demand.kind == Demand::Kind::gathered;
  const std::size_t first = gathered ? 1 : points_->first_mixed, last = (gathered ? points_->first_mixed : count) - 1;
  const auto parameter = [&](std::size_t i) { return points_->demands[i].parameter; };
  Demand asked = demand;
  asked.parameter = std::max(demand.parameter, parameter(first));
  if (asked.parameter >= parameter(last)) {
    const SustainedPoint largest = point(last);
    if (!gathered) return largest;
    // A block twice as large, of which the second half is streamed, and so on.
    const SustainedPoint streamed = point(0);
    SustainedPoint far = largest;
    far.demand.parameter = asked.parameter;
    const double rest = 1.0 - largest.demand.parameter / far.demand.parameter;
    const auto weigh = [&](double of_last, double of_stream) { return of_last * (1.0 - rest) + of_stream * rest; };
    far.share = 1.0 / weigh(1.0 / largest.share, 1.0 / streamed.share);
    far.row_hit_share = weigh(largest.row_hit_share, streamed.row_hit_share);
    far.activations_per_byte = weigh(largest.activations_per_byte, streamed.activations_per_byte);
    far.joules_per_byte = weigh(largest.joules_per_byte, streamed.joules_per_byte);
    return far;
  }
  std::size_t high = first + 1;
  while (parameter(high) <= asked.parameter) ++high;
  if (parameter(high - 1) == asked.parameter) return point(high - 1);
  return interpolate(point(high - 1), point(high), asked);
}

}  // namespace plumb::memory

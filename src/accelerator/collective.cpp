#include "accelerator/collective.h"

#include <algorithm>
#include <cassert>

namespace plumb::accelerator {

double wire_bound_s(model::Collective::Kind kind, int ranks, double message_bytes, const Wire& wire) {
  if (message_bytes <= 0.0 || ranks <= 1) return 0.0;
  const double others_share = static_cast<double>(ranks - 1) / ranks;
  switch (kind) {
    case model::Collective::Kind::all_reduce: return 2.0 * others_share * message_bytes / wire.bytes_per_s;
    case model::Collective::Kind::all_gather:
    case model::Collective::Kind::reduce_scatter:
    case model::Collective::Kind::all_to_all: return others_share * message_bytes / wire.bytes_per_s;
    case model::Collective::Kind::send: return message_bytes / wire.bytes_per_s;
  }
  return 0.0;
}

double collective_time_s(model::Collective::Kind kind, int ranks, double message_bytes, const Wire& wire) {
  if (message_bytes <= 0.0 || ranks <= 1) return 0.0;
  assert(wire.bytes_per_s > 0.0);
  const double rate = wire.efficiency * wire.bytes_per_s;
  const double least_s = wire_bound_s(kind, ranks, message_bytes, wire) / wire.efficiency;
  double time_s = wire.latency_s + least_s;
  if (kind == model::Collective::Kind::all_reduce) {
    const double ring_s = 2.0 * (ranks - 1) * wire.latency_s + least_s;
    const double one_shot_s = wire.latency_s + (ranks - 1) * message_bytes / rate;
    time_s = wire.ring_only ? ring_s : std::min(ring_s, one_shot_s);
  }
  assert(time_s >= wire_bound_s(kind, ranks, message_bytes, wire) * (1.0 - 1e-12));
  return time_s;
}

Wire wire_of_all_to_all(int ranks, int domain_ranks, const Wire& links, const Wire& network) {
  if (ranks <= domain_ranks) return links;
  const auto others = static_cast<double>(ranks - 1);
  const double over_links = (domain_ranks - 1) / others, over_network = (ranks - domain_ranks) / others;
  const bool network_slower =
      over_network / (network.efficiency * network.bytes_per_s) >= over_links / (links.efficiency * links.bytes_per_s);
  Wire wire = network_slower ? network : links;
  wire.bytes_per_s /= network_slower ? over_network : over_links;
  wire.latency_s = std::max(links.latency_s, network.latency_s);
  return wire;
}

}  // namespace plumb::accelerator

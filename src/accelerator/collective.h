#pragma once
// The time of a collective over the links of a domain, for a message of M bytes among n ranks, per-direction bandwidth
// B, its sustained share e, and latency a of one hop. Each takes the faster of the algorithms that libraries choose
// from:
//
//   all-reduce   ring      2 (n - 1) a + 2 (n - 1) / n  M / (e B)
//                one-shot  a + (n - 1) M / (e B)            (every rank sends its whole message to every other)
//   all-gather   ring      (n - 1) a + (n - 1) / n  M / (e B)
//                direct    a + (n - 1) / n  M / (e B)
//   reduce-scatter as all-gather
//   all-to-all   direct    a + (n - 1) / n  M / (e B)
//   send                   a + M / (e B)
//
// A wire that knows rings only (Wire::ring_only) takes the first for every all-reduce.
//
// M is the whole message: the tensor that is reduced, the tensor after gathering or before scattering, what one rank
// sends in all, what is sent. Thakur, Rabenseifner and Gropp, IJHPCA 19(1), 2005, give these costs. Reduction inside
// the switch is not modelled. No time is below the bytes that must leave a rank over its links at full rate:
// wire_bound_s().

#include "model/operator.h"

namespace plumb::accelerator {

struct Wire {
  double bytes_per_s = 0.0;  ///< per direction, peak
  double efficiency = 1.0;   ///< share of it that large messages reach
  double latency_s = 0.0;
  bool ring_only = false;
  bool operator==(const Wire&) const = default;
};

/// Seconds of one collective; 0 for an empty message or a single rank.
double collective_time_s(model::Collective::Kind kind, int ranks, double message_bytes, const Wire& wire);

/// The least time that the links allow.
double wire_bound_s(model::Collective::Kind kind, int ranks, double message_bytes, const Wire& wire);

/// The wire of an exchange among `ranks`, of which a domain of links joins `domain_ranks` and the network the others. A
/// rank sends (domain - 1) / ranks of its message over its links and (ranks - domain) / ranks over its port of the
/// network, both at once; the slower of the two sets the time, as one wire that all (ranks - 1) / ranks go over.
Wire wire_of_all_to_all(int ranks, int domain_ranks, const Wire& links, const Wire& network);

}  // namespace plumb::accelerator

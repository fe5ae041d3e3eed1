#pragma once
// The time of a collective over the links of a domain, for a message of M bytes among n ranks, per-direction bandwidth
// B, its sustained share e, and latency a of one hop. Each takes the faster of the algorithms that libraries choose
// from:
//
//   all-reduce   ring      2 (n - 1) a + 2 (n - 1) / n  M / (e B)
//                one-shot  a + (n - 1) M / (e B)            (every rank sends its whole message to every other)
//   all-gather   ring      (n - 1) a + (n - 1) / n  M / (e B)
//                direct    a + (n - 1) / n  M / (e B)
//   all-to-all   direct    a + (n - 1) / n  M / (e B)
//   send                   a + M / (e B)
//
// M is the whole message: the tensor that is reduced, the tensor after gathering, what one rank sends in all, what is
// sent. Thakur, Rabenseifner and Gropp, IJHPCA 19(1), 2005, give these costs. Reduction inside the switch is not
// modelled. No time is below the bytes that must leave a rank over its links at full rate: wire_bound_s().

#include "model/operator.h"

namespace plumb::accelerator {

struct Wire {
  double bytes_per_s = 0.0;  ///< per direction, peak
  double efficiency = 1.0;   ///< share of it that large messages reach
  double latency_s = 0.0;
};

/// Seconds of one collective; 0 for an empty message or a single rank.
double collective_time_s(model::Collective::Kind kind, int ranks, double message_bytes, const Wire& wire);

/// The least time that the links allow.
double wire_bound_s(model::Collective::Kind kind, int ranks, double message_bytes, const Wire& wire);

}  // namespace plumb::accelerator

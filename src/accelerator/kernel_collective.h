#pragma once
// The time of a collective of a library among n ranks of a domain, as measured:
//
//   t = t_0 + (n - 2) t_n + b max(1, x^min(2, log2(n / 2)) / e) + c b / (b + b_c)
//
//   b    the least time that the links allow for the bytes a rank must send (wire_bound_s in collective.h)
//   t_0  `launch`, t_n `hop`     the smallest message between two ranks, and what every further rank adds
//   e    `share` of a link that large messages reach between two ranks
//   x    `crowding`: what each doubling of the ranks makes of it: above 1 where they share a bus, below where the
//   switch
//        reduces. Nothing was measured beyond eight ranks, so it stops there
//   c    `fill`, b_c `filling`   libraries change to protocols with longer pipelines as messages grow; one that has
//        grown past b_c has paid c for it
//
// Families: "all_reduce" (NCCL), "custom_all_reduce" (one-shot and two-shot kernels of TensorRT-LLM, as vLLM's),
// "all_gather", "reduce_scatter", "all_to_all" (NCCL), "exchange" and "exchange_low_latency" (DeepEP's dispatch and
// combine, high-throughput and low-latency).
//
// Engines take the custom all-reduce for small messages and NCCL for large ones (vLLM: custom up to 8 MB and less by
// ranks; TensorRT-LLM by tables), near where the two times cross: the faster one is taken here. Likewise low-latency
// kernels, which send a copy to each expert, and high-throughput ones, which send one to each rank.
//
// Parameters are an accelerator's with its own links, so a class has none: elsewhere a collective has the equations of
// collective.h. No time is below b.

#include <span>
#include <vector>

#include "accelerator/collective.h"
#include "accelerator/machine.h"
#include "catalog/kernel_fit.h"
#include "model/operator.h"

namespace plumb::accelerator {

struct CollectiveParameters {
  double launch_s = 0.0, hop_s = 0.0;
  double share = 1.0, crowding = 1.0;
  double fill_s = 0.0, filling_s = 1.0;
};
/// Of values of one of the families above, in its order.
CollectiveParameters collective_parameters(const catalog::KernelFamily& family, std::span<const double> values);

/// Seconds, `bound_s` being b. 0 for an empty message or a single rank.
double measured_collective_s(const CollectiveParameters& parameters, int ranks, double bound_s);

/// Ranks that a token goes to that has `copies` experts, any rank as likely as any other: n (1 - (1 - 1 / n)^copies).
double distinct_ranks(int ranks, double copies);

/// What libraries offer for one operator of a model.
class CollectiveKernels {
 public:
  /// Those that were measured on the machine; `inside` are its links. None: empty().
  CollectiveKernels(const Machine& machine, const model::Collective& shape, const Wire& inside);

  bool empty() const { return kernels_.empty(); }
  /// Of the fastest.
  double seconds(double message_bytes) const;
  /// The least that the links allow for what any of them sends.
  double bound_s(double message_bytes) const;

 private:
  struct Kernel {
    CollectiveParameters parameters;
    double sent_share;  ///< of the message: less than 1 where copies to one rank are sent once
  };
  model::Collective shape_;
  Wire wire_;
  std::vector<Kernel> kernels_;
};

}  // namespace plumb::accelerator

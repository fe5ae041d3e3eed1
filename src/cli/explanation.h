#pragma once
// The ladder for one request: its tokens, the steps that compute them, the operators of a step, the bytes that they
// move, the memory that moves them, energy and money. Three steps are looked at: the prefill of its prompt, a decode
// step in the middle of its answer when it is alone, and the same step when `batch` requests like it decode together.
//
//   replica time of a request = prefill + (output tokens - 1) x decode step / requests in it
//   energy <= design power of the replica's accelerators x replica time
//   money   = cost of the replica a second x replica time
//
// That is the cost on a replica that always has a full batch of them; a replica that waits costs more a request.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "accelerator/step_cost.h"
#include "cli/subject.h"
#include "model/operator.h"
#include "report/table.h"

namespace plumb::cli {

/// An operator on a machine whose memory computes, in a step or in several added up.
struct InMemory {
  bool can = false;                        ///< units can do it
  std::string why_host;                    ///< else why not
  double host_s = 0.0;                     ///< if the host had it in all steps
  double memory_s = 0.0;                   ///< if the memory had what it can
  double units_s = 0.0;                    ///< of the time that is taken, units at work
  int steps_in_memory = 0;                 ///< steps (stages, chunks) in which it runs in memory
  std::optional<double> host_j, memory_j;  ///< of the memory, on either side
};

/// An operator in a step, or in several added up. Figures are of one rank; stages of a pipeline are added up.
struct OperatorLine {
  std::string name;
  model::Family family = model::Family::gemm;
  model::Work work;  ///< its launches are the times that it runs
  accelerator::OperatorTime time;
  double physical_bound_s = 0.0;
  accelerator::TimeSource source = accelerator::TimeSource::interpolated;  ///< the worst of what it adds up
  InMemory in_memory;

  accelerator::Bound binding() const;
};

/// What steps of one kind do.
struct StepView {
  std::string name;          ///< "prefill", "decode, alone", "decode, 32 together"
  std::int64_t steps = 0;    ///< chunks of a prefill, 1 of a decode
  std::int64_t tokens = 0;   ///< computed
  std::int64_t context = 0;  ///< of each sequence at the end of the step
  std::int64_t sequences = 0;
  std::vector<OperatorLine> lines;     ///< in the order of the model
  model::Work work;                    ///< of all lines
  model::Work streamed;                ///< of that, what goes over the memory's pins: not what units in it take
  double streamed_expert_bytes = 0.0;  ///< of that, weights of routed experts
  double seconds = 0.0, host_s = 0.0, physical_bound_s = 0.0;
  std::array<double, accelerator::bounds> seconds_by_bound{};

  accelerator::Bound binding() const;
  double operations_per_byte() const;
  double seconds_per_token() const { return seconds / static_cast<double>(tokens); }
  double bytes_per_token() const { return work.bytes() / static_cast<double>(tokens); }
  /// Bytes that go over the memory's pins, over what the peak bandwidth streams in the step's time.
  double bandwidth_share(const accelerator::Machine& machine) const;
};

/// What a request takes of a replica that is always busy with requests like it.
struct RequestBill {
  double prefill_s = 0.0, decode_s = 0.0;
  double joules_max = 0.0;
  std::optional<double> dollars, dollars_per_million_output;
  double replica_s() const { return prefill_s + decode_s; }
};

/// Of decode steps with 1, 2, ... requests: those in which an operator runs in memory, as spans of batch sizes.
struct BatchesInMemory {
  std::string name;
  model::Family family = model::Family::gemm;
  std::vector<std::pair<std::int64_t, std::int64_t>> spans;  ///< first and last of each
  std::int64_t batch_max = 0;                                ///< largest that was looked at
  /// The least batch from which the host has it again: the crossover. Nothing where memory never loses it.
  std::optional<std::int64_t> host_from() const;
};

struct Explanation {
  std::int64_t prompt_tokens = 0, output_tokens = 0, batch = 0;
  std::int64_t cache_bytes = 0;              ///< of the whole request at its end, on the fullest rank
  NumberFormat format = NumberFormat::bf16;  ///< that most of the operations run in
  double peak_flops_per_s = 0.0;             ///< of a rank in that format
  double ridge = 0.0;  ///< operations a byte at which compute and memory take the same time, both at peak
  StepView prefill, alone, together;
  double ttft_s = 0.0, tpot_alone_s = 0.0, e2e_alone_s = 0.0;  ///< of the request alone on an idle replica
  RequestBill bill_alone, bill_together;
  std::vector<BatchesInMemory> in_memory;  ///< on a machine whose memory computes: of operators that units can do
};

struct ExplainOptions {
  std::int64_t prompt_tokens = 0, output_tokens = 0;
  std::int64_t batch = 0;  ///< 0: what the service has at its peak, else 32, or fewer where fewer fit
};

/// Fault::unmet where the deployment does not admit such a request, or not so many at once.
[[nodiscard]] Result<Explanation> explain(const Subject& subject, const ExplainOptions& options);

struct MemoryRung;

/// `rung`: null where the memory is not described command by command.
std::string explanation_text(const Subject& subject, const Explanation& explanation, const MemoryRung* rung,
                             const report::Style& style);
/// docs/explain.md names every field.
std::string explanation_json(const Subject& subject, const Explanation& explanation, const MemoryRung* rung);

}  // namespace plumb::cli

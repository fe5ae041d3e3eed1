#pragma once
// Measured times of kernels, in place of the roofline: a folder of CSV tables and, if wanted, a profile.toml.
// docs/profiles.md describes every file. Times are of one layer on one rank, in milliseconds:
//
//   op_times_ms_by_num_tokens.csv   num_tokens, then a column an operator: those that depend on the step's tokens
//   attn_decode_ms.csv              batch_size, kv_cache_size, ms: attention of decode sequences with that mean context
//   attn_prefill_ms.csv             kv_cache_size_sum, chunk_rms_total, ms: attention of prefill chunks
//                                   (or attn_prefill_ms_used.csv, as Vidur's users write out what it looked up)
//
// The time of a step with T tokens on a stage of L layers (Vidur's rule, whose tables these are):
//
//   t = L (sum of the operators at T' + attn_kv_cache_save at T + decode + prefill) + send_recv at T' but on the last
//   T'      T rounded up to token_rounding; all_reduce counts twice, each time with collective_launch
//   decode  at (n, floor of the mean context rounded up to kv_rounding), times 1 + batching_overhead where n > 1 and
//           keys are shared by several heads
//   prefill at (sum of the chunks' contexts, each rounded up to kv_rounding; the root of the sum of chunks squared,
//           rounded to a whole number), times 1 + batching_overhead in the same case
//
// What a table has is taken as it is. Between its rows times are interpolated, beyond its end they grow as between its
// last two rows; a prefill that is not in its table is scaled from the nearest that is, by the pairs that it scores.
//
// Thread rule: immutable.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "accelerator/step_timer.h"
#include "base/result.h"
#include "model/model.h"

namespace plumb::serving {

class KernelProfile {
 public:
  struct Rules {
    std::int64_t token_rounding = 8, kv_rounding = 64;
    double batching_overhead = 0.1;
    double collective_launch_ms = 0.02;
    double step_overhead_ms = 0.0;
  };
  struct PrefillPoint {
    double kv = 0.0, chunk = 0.0, ms = 0.0;
  };

  /// Errors have the place in the file that is wrong.
  [[nodiscard]] static Result<std::shared_ptr<const KernelProfile>> read(const std::string& folder);

  const Rules& rules() const { return rules_; }
  /// Operators of the step's tokens, all-reduces included where there are several ranks.
  double linear_ms(std::int64_t tokens, bool several_ranks) const;
  double send_ms(std::int64_t tokens) const;
  double decode_ms(std::int64_t sequences, std::int64_t context) const;
  double prefill_ms(double kv, double chunk) const;

 private:
  /// Values by whole numbers in ascending order.
  struct Curve {
    std::vector<double> at, ms;
    double value(double x) const;
    /// Adds times at `where`, which `order` puts in order: the same for every table that is added.
    void add(const std::vector<double>& where, const std::vector<double>& times, const std::vector<std::size_t>& order);
  };

  Curve* curve_of(std::string_view name);

  [[nodiscard]] Status read_rules(const std::string& folder);
  [[nodiscard]] Status read_operators(const std::string& folder);
  [[nodiscard]] Status read_decode(const std::string& folder);
  [[nodiscard]] Status read_prefill(const std::string& folder);
  std::int64_t rounded(std::int64_t tokens) const;

  Rules rules_;
  Curve operators_, cache_save_, all_reduce_, send_;
  std::vector<double> decode_sizes_;
  std::vector<Curve> decode_;          ///< by batch size, of the context
  std::vector<PrefillPoint> prefill_;  ///< by kv, then chunk
};

/// The times of a model's steps on `stages` stages of equally many layers and `tensor` ranks each.
std::unique_ptr<accelerator::StepTimer> make_profile_timer(std::shared_ptr<const KernelProfile> profile,
                                                           const model::Model& model,
                                                           const model::Parallelism& parallelism);

}  // namespace plumb::serving

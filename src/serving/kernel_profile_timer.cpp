#include <algorithm>
#include <cmath>

#include "serving/kernel_profile.h"

namespace plumb::serving {
namespace {

using accelerator::Chunk;

constexpr double ms = 1e-3;

/// Whether several query heads share a key in some layer, which Vidur charges batches for.
bool shares_keys(const model::Model& model) {
  for (const model::Layer& layer : model.layers) {
    if (layer.mixer.kind == model::Mixer::Kind::attention && layer.mixer.kv_heads < layer.mixer.heads) return true;
  }
  return false;
}

class ProfileTimer final : public accelerator::StepTimer {
 public:
  ProfileTimer(std::shared_ptr<const KernelProfile> profile, const model::Model& model,
               const model::Parallelism& parallelism)
      : profile_(std::move(profile)),
        several_ranks_(parallelism.tensor > 1),
        stages_(parallelism.pipeline),
        layers_(static_cast<double>(model.layers.size()) / parallelism.pipeline),
        batch_factor_(shares_keys(model) ? 1.0 + profile_->rules().batching_overhead : 1.0) {}

  int stages() const override { return stages_; }

  Time host_time(const model::Step&) override { return Time::of_seconds(profile_->rules().step_overhead_ms * ms); }

  Time stage_time(int stage, const model::Step& step, std::span<const Chunk> chunks) override {
    double layer_ms = profile_->linear_ms(step.tokens(), several_ranks_);
    std::int64_t context = step.context_tokens;
    for (const Chunk& chunk : chunks) context -= chunk.context + chunk.tokens;
    if (step.decode_sequences > 0) layer_ms += decode_ms(step.decode_sequences, context / step.decode_sequences);
    if (!chunks.empty()) layer_ms += prefill_ms(chunks);
    const double send_ms = stage + 1 < stages_ ? profile_->send_ms(step.tokens()) : 0.0;
    // No stage is done in no time, whatever the tables hold.
    constexpr double least_s = 1e-9, most_s = 1e9;
    return Time::of_seconds(std::clamp((layers_ * layer_ms + send_ms) * ms, least_s, most_s));
  }

  /// Constant until the mean context, which grows by one a step, comes to the next whole number of kv_rounding.
  Ramp decode_ramp(const model::Step& step, const accelerator::KeyGrowth&, std::int64_t steps) override {
    const std::int64_t mean = step.context_tokens / step.decode_sequences;
    const std::int64_t within = rounded(mean) - mean + 1;
    return {host_time(step) + stage_time(0, step, {}), {}, std::min(steps, within)};
  }

 private:
  std::int64_t rounded(std::int64_t context) const {
    const std::int64_t to = profile_->rules().kv_rounding;
    return (context + to - 1) / to * to;
  }

  double decode_ms(std::int64_t sequences, std::int64_t mean) const {
    return profile_->decode_ms(sequences, rounded(mean)) * (sequences > 1 ? batch_factor_ : 1.0);
  }

  double prefill_ms(std::span<const Chunk> chunks) const {
    std::int64_t kv = 0, squares = 0;
    for (const Chunk& chunk : chunks) {
      kv += rounded(chunk.context);
      squares += chunk.tokens * chunk.tokens;
    }
    const double rms = std::nearbyint(std::sqrt(static_cast<double>(squares)));
    return profile_->prefill_ms(static_cast<double>(kv), rms) * (chunks.size() > 1 ? batch_factor_ : 1.0);
  }

  std::shared_ptr<const KernelProfile> profile_;
  bool several_ranks_;
  int stages_;
  double layers_, batch_factor_;
};

}  // namespace

std::unique_ptr<accelerator::StepTimer> make_profile_timer(std::shared_ptr<const KernelProfile> profile,
                                                           const model::Model& model,
                                                           const model::Parallelism& parallelism) {
  return std::make_unique<ProfileTimer>(std::move(profile), model, parallelism);
}

}  // namespace plumb::serving

#include "accelerator/pim_offload.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

namespace plumb::accelerator {
namespace {

using model::Attention;
using model::Operator;
using model::Step;
using model::Work;

constexpr double unit_bits = 16.0;

std::optional<double> sum(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::optional(*a + *b) : std::nullopt;
}

std::optional<double> joules_of_host(const PimMemory& memory, const Work& work) {
  // Of memories beside it the host's own energy is not known here.
  if (memory.use().beside) return std::nullopt;
  const auto per_byte = memory.stream_joules_per_byte();
  return per_byte ? std::optional(*per_byte * work.bytes()) : std::nullopt;
}

Work scaled(Work work, double by) {
  work.operations *= by;
  work.weight_bytes *= by;
  work.cache_bytes *= by;
  work.activation_bytes *= by;
  work.launches *= by;
  return work;
}

/// Bytes of one matrix of routed experts.
double expert_bytes(const Operator& op) {
  const auto& shape = std::get<model::ExpertGemm>(op.shape);
  return static_cast<double>(shape.k) * static_cast<double>(shape.n) * op.weight_bits / 8.0;
}

/// Bytes of what a row meets: one expert, or all matrices of a product.
double matrix_bytes(const Operator& op) {
  const auto* shape = std::get_if<model::Gemm>(&op.shape);
  if (shape == nullptr) return expert_bytes(op);
  return static_cast<double>(shape->k * shape->n * shape->batch) * op.weight_bits / 8.0;
}

}  // namespace

Step prefill_of(const Step& step) {
  Step rest = step;
  rest.decode_sequences = rest.draft_tokens = rest.sampled_sequences = rest.padding_tokens = 0;
  for (model::SpanSums& sums : rest.spans) sums.decode_keys = sums.draft_pairs = 0.0;
  return rest;
}

PimOperator::PimOperator(std::shared_ptr<const PimMemory> memory, Operator op, PimProduct product)
    : memory_(std::move(memory)), op_(std::move(op)), cost_(product), runs_(op_.count) {}

PimOperator::PimOperator(std::shared_ptr<const PimMemory> memory, Operator op, PimHead head)
    : memory_(std::move(memory)), op_(std::move(op)), cost_(head), runs_(op_.count) {}

std::int64_t PimOperator::rows_a_run() const {
  const auto* product = std::get_if<PimProduct>(&cost_);
  if (product == nullptr) return 0;
  const auto* experts = std::get_if<model::ExpertGemm>(&op_.shape);
  return product->rows * (experts == nullptr ? 1 : experts->experts);
}

SideCost PimOperator::product_units(const PimProduct& product, const Work& work) const {
  // Vectors in all, and matrices that are begun.
  double first = 1.0;
  if (std::holds_alternative<model::ExpertGemm>(op_.shape))
    first = std::min(work.rows, work.weight_bytes / (op_.count * expert_bytes(op_)));
  const double sent_s = work.activation_bytes / op_.count * memory_->link_seconds_per_byte();
  if (const auto& vectors = memory_->use().vectors) {
    const double multiplied_s = work.rows * matrix_bytes(op_) / (*vectors * memory_->bytes_per_s());
    return {runs_ * (std::max(first * product.first_s, multiplied_s) + sent_s), {}};
  }
  const double more = std::max(0.0, work.rows - first);
  SideCost cost{runs_ * (first * product.first_s + more * product.more_s + sent_s), {}};
  if (product.first_j && product.more_j) cost.joules = runs_ * (first * *product.first_j + more * *product.more_j);
  return cost;
}

PimAttending PimOperator::attending(const Step& step) const {
  const auto& head = std::get<PimHead>(cost_);
  const auto& shape = std::get<Attention>(op_.shape);
  const double share = model::attention_counts(shape, op_.spread, step).decode_share;
  const double sequences = share * static_cast<double>(step.decode_sequences);
  if (sequences <= 0.0) return {};
  const double tokens = share * static_cast<double>(step.decode_tokens());
  const auto kv_heads = static_cast<double>(shape.kv_heads);
  const double queries = static_cast<double>(shape.heads) / kv_heads;  // that share a head of keys
  const double heads_a_channel = sequences * kv_heads / static_cast<double>(memory_->channels());
  const double rounds = memory_->ideal() ? heads_a_channel : std::ceil(heads_a_channel);
  const double each = runs_ * rounds / sequences;  // count u h
  const double sent_s = runs_ * tokens * model::attention_rates(shape, op_.activation_bits).activation_bytes_per_row *
                        memory_->link_seconds_per_byte();
  if (const auto& vectors = memory_->use().vectors) {
    const double of_one = shape.key_bytes / kv_heads * static_cast<double>(memory_->channels());
    const double multiplied_s = queries * tokens / sequences * of_one / (*vectors * memory_->bytes_per_s());
    return {each * share * std::max(head.first.slope_s, multiplied_s), 0.0,
            each * sequences * head.first.base_s + sent_s};
  }
  return {each * share * (head.first.slope_s - head.more.slope_s), each * share * queries * head.more.slope_s,
          each * (sequences * head.first.base_s + (queries * tokens - sequences) * head.more.base_s) + sent_s};
}

SideCost PimOperator::head_units(const PimHead& head, const Step& step) const {
  const auto& shape = std::get<Attention>(op_.shape);
  const model::AttentionCounts counts = model::attention_counts(shape, op_.spread, step);
  const PimAttending attending = this->attending(step);
  SideCost cost{
      attending.per_key_s * counts.decode_keys + attending.per_pair_s * counts.decode_pairs + attending.base_s, {}};
  if (!memory_->use().vectors && head.first.base_j && head.first.slope_j && head.more.base_j && head.more.slope_j) {
    const auto kv_heads = static_cast<double>(shape.kv_heads);
    const double queries = static_cast<double>(shape.heads) / kv_heads;
    const double sequences = counts.decode_share * static_cast<double>(step.decode_sequences);
    const double tokens = counts.decode_share * static_cast<double>(step.decode_tokens());
    const double keys = counts.decode_share * counts.decode_keys, pairs = counts.decode_share * counts.decode_pairs;
    cost.joules = runs_ * kv_heads *
                  (sequences * *head.first.base_j + keys * *head.first.slope_j +
                   (queries * tokens - sequences) * *head.more.base_j + (queries * pairs - keys) * *head.more.slope_j);
  }
  return cost;
}

SideCost PimOperator::units(const Work& work, const Step& step) const {
  if (const auto* head = std::get_if<PimHead>(&cost_)) return head_units(*head, step);
  return product_units(std::get<PimProduct>(cost_), work);
}

Work PimOperator::rest(const Work& work, const Step& step) const {
  if (std::holds_alternative<PimHead>(cost_))
    return step.prefill_tokens > 0 ? model::work_of(op_, prefill_of(step)) : Work{};
  const double left = 1.0 - runs_ / op_.count;
  return left > 0.0 ? scaled(work, left) : Work{};
}

PimChoice PimOperator::choose(const OperatorRoofline& roofline, const Work& work, const Step& step) const {
  PimChoice choice;
  choice.host = {roofline.seconds(work), joules_of_host(*memory_, work)};
  const bool attends = std::holds_alternative<PimHead>(cost_);
  if (work.rows <= 0.0 || (attends && step.decode_sequences == 0)) {
    choice.memory = choice.host;
    return choice;
  }
  const SideCost units = this->units(work, step);
  choice.rest = rest(work, step);
  // Runs of a product are launched on one side or the other; attention on both, where both have some of it.
  const double launches = attends ? op_.count : work.launches - choice.rest.launches;
  choice.units_s = units.seconds;
  choice.memory.seconds = choice.units_s + roofline.seconds(choice.rest) + launches * roofline.launch_s();
  choice.memory.joules = sum(units.joules, joules_of_host(*memory_, choice.rest));
  if (memory_->use().split && !attends) share(roofline, launches, choice);
  choice.in_memory = memory_weight_ * choice.memory.seconds < host_weight_ * choice.host.seconds;
  return choice;
}

void PimOperator::share(const OperatorRoofline& roofline, double launches, PimChoice& choice) const {
  // Both end together: each has columns in proportion to its speed, and the launch stays.
  const double launches_s = launches * roofline.launch_s();
  const double host_s = choice.host.seconds - launches_s, units_s = choice.memory.seconds - launches_s;
  if (host_s <= 0.0 || units_s <= 0.0) return;
  const double both_s = 1.0 / (1.0 / host_s + 1.0 / units_s);
  choice.units_s *= both_s / units_s;
  choice.memory = {both_s + launches_s, {}};
}

void PimOperator::weigh(const OperatorRoofline& roofline, const Step& step) {
  const PimChoice choice = choose(roofline, model::work_of(op_, step), step);
  if (memory_->use().always) {
    memory_weight_ = 0;
    return;
  }
  if (!choice.host.joules || !choice.memory.joules) return;
  constexpr int tie = 100;
  const bool memory_saves = *choice.memory.joules < *choice.host.joules;
  memory_weight_ = memory_saves ? tie : tie + 1;
  host_weight_ = memory_saves ? tie + 1 : tie;
}

namespace {

/// A step of one sequence: what placements and energies are compared by.
Step one_row(const model::Model& model) {
  constexpr std::int64_t context = 2048;
  Step step;
  model::add_decode(model, step, context);
  return step;
}

bool is_narrow(double bits) { return std::abs(bits - unit_bits) > 0.01; }

class Verdict {
 public:
  Verdict(std::shared_ptr<const PimMemory> memory, const model::Model& model)
      : memory_(std::move(memory)), model_(model) {}

  PimVerdict of(const Operator& op) const {
    if (std::holds_alternative<model::Collective>(op.shape)) return std::string();
    if (op.again) return std::string("a drafter's further pass stays with the host");
    if (const auto* gemm = std::get_if<model::Gemm>(&op.shape)) return of_product(op, *gemm);
    if (const auto* experts = std::get_if<model::ExpertGemm>(&op.shape)) return of_experts(op, *experts);
    if (const auto* attention = std::get_if<Attention>(&op.shape)) return of_attention(op, *attention);
    if (std::holds_alternative<model::StateUpdate>(op.shape)) return std::string("units know no update of a state");
    return std::string("more than units add, multiply or clip");
  }

 private:
  std::optional<std::string> narrow(const Operator& op) const {
    if (is_narrow(op.weight_bits)) return fmt::format("weights of {:.4g} bits; units multiply 16", op.weight_bits);
    if (is_narrow(op.activation_bits))
      return fmt::format("activations of {:.4g} bits; units multiply 16", op.activation_bits);
    return std::nullopt;
  }

  PimVerdict placed(const Operator& op, memory::PimShape shape, std::int64_t matrices) const {
    if (memory_->ideal()) return PimOperator(memory_, op, memory_->ideal_product(shape, matrices, op.weight_bits));
    if (const auto reason = narrow(op)) return *reason;
    const auto product = memory_->product(shape, matrices);
    if (!product) return product.error().message;
    return PimOperator(memory_, op, *product);
  }

  PimVerdict of_product(const Operator& op, const model::Gemm& gemm) const {
    if (!memory_->use().linear) return std::string("the file offloads no linear operators");
    if (op.of_mixer && memory_->use().overlap) return std::string("the host has it while units do the attention");
    return placed(op, {gemm.n, gemm.k}, gemm.batch);
  }

  PimVerdict of_experts(const Operator& op, const model::ExpertGemm& experts) const {
    if (!memory_->use().expert) return std::string("the file offloads no experts");
    return placed(op, {experts.n, experts.k}, 1);
  }

  PimVerdict of_attention(const Operator& op, const Attention& attention) const {
    using Kind = model::Span::Kind;
    if (!memory_->use().attention) return std::string("the file offloads no attention");
    if (attention.phase == Attention::Phase::prefill) return std::string("prefill attention is bound by operations");
    if (memory_->share_reached() < 1.0)
      return fmt::format("units reach {:.0f} % of the rows, cache blocks lie in all", 100.0 * memory_->share_reached());
    if (model_.spans[attention.span].kind == Kind::compressed) return std::string("picks single entries of the cache");
    if (memory_->ideal()) {
      return PimOperator(memory_, op,
                         memory_->ideal_head(attention.key_bytes / static_cast<double>(attention.kv_heads)));
    }
    if (attention.value_width == 0) return std::string("scores alone, in a format that units do not have");
    if (attention.kept == Attention::Kept::together)
      return std::string("keys serve as values, and units need each in a placement of its own");
    const auto numbers = static_cast<double>(attention.kv_heads * (attention.key_width + attention.value_width));
    const double bits = 8.0 * attention.key_bytes / numbers;
    if (is_narrow(bits)) return fmt::format("cache entries of {:.4g} bits; units multiply 16", bits);
    if (is_narrow(op.activation_bits)) return *narrow(op);
    const auto head = memory_->head(attention.key_width, attention.value_width);
    if (!head) return head.error().message;
    return PimOperator(memory_, op, *head);
  }

  std::shared_ptr<const PimMemory> memory_;
  const model::Model& model_;
};

struct Candidate {
  std::size_t index = 0;
  double saved_s_a_row = 0.0;
};

/// Gives the rows that units reach to the products that save most by them.
void place_weights(const PimMemory& memory, const Step& step, const std::vector<const OperatorRoofline*>& rooflines,
                   std::vector<PimVerdict>& verdicts) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const auto* candidate = std::get_if<PimOperator>(&verdicts[i]);
    if (candidate == nullptr || candidate->rows_a_run() == 0) continue;
    const PimChoice choice = candidate->choose(*rooflines[i], model::work_of(candidate->op(), step), step);
    const double rows = static_cast<double>(candidate->rows_a_run()) * candidate->op().count;
    candidates.push_back({i, (choice.host.seconds - choice.memory.seconds) / rows});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.saved_s_a_row > b.saved_s_a_row; });
  double left = static_cast<double>(memory.rows_reached());
  for (const Candidate& candidate : candidates) {
    auto& chosen = std::get<PimOperator>(verdicts[candidate.index]);
    const auto rows = static_cast<double>(chosen.rows_a_run());
    const double runs = std::min(chosen.op().count, std::floor(left / rows));
    if (runs < 1.0) {
      verdicts[candidate.index] =
          fmt::format("{:.0f} rows of each bank a layer, and units have {:.0f} left", rows, left);
      continue;
    }
    chosen.place(runs);
    left -= runs * rows;
  }
}

}  // namespace

std::vector<PimVerdict> plan_pim(const std::shared_ptr<const PimMemory>& memory, const model::Model& model,
                                 const std::vector<Operator>& operators,
                                 const std::vector<const OperatorRoofline*>& rooflines) {
  assert(memory && operators.size() == rooflines.size());
  const Verdict verdict(memory, model);
  std::vector<PimVerdict> verdicts;
  verdicts.reserve(operators.size());
  for (const Operator& op : operators) verdicts.push_back(verdict.of(op));
  const Step step = one_row(model);
  place_weights(*memory, step, rooflines, verdicts);
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    if (auto* found = std::get_if<PimOperator>(&verdicts[i])) found->weigh(*rooflines[i], step);
  return verdicts;
}

}  // namespace plumb::accelerator

#include "accelerator/memory_share.h"

#include <algorithm>
#include <variant>

namespace plumb::accelerator {
namespace {

using memory::Demand;

Demand cache_demand(const model::Attention& shape, const model::Model& model, std::int64_t block_tokens) {
  const model::Span& span = model.spans[shape.span];
  // Which entries are picked is not known: none lies beside another.
  const bool picked = span.kind == model::Span::Kind::compressed && span.limit > 0;
  const double entries = picked ? 1.0 : static_cast<double>(block_tokens);
  switch (shape.kept) {
    case model::Attention::Kept::apart: return {Demand::Kind::gathered, entries * shape.key_bytes / 2.0};
    case model::Attention::Kept::together: return {Demand::Kind::gathered, entries * shape.key_bytes};
    case model::Attention::Kept::in_order: return {Demand::Kind::streamed, 0.0};
  }
  return {};
}

}  // namespace

double MemorySustains::used_share(double measured_share, const Demand& demand) const {
  // A ratio first: it is 1 for what e_b was measured with, and e_b then stays what it is.
  return std::min(1.0, measured_share * (share(demand) / reference_share));
}

OperatorDemands demands_of(const model::Operator& op, const model::Model& model, std::int64_t block_tokens) {
  constexpr double bits_per_byte = 8.0, states_written = 0.5;
  OperatorDemands demands;
  if (const auto* attention = std::get_if<model::Attention>(&op.shape)) {
    demands.cache = cache_demand(*attention, model, block_tokens);
  } else if (const auto* experts = std::get_if<model::ExpertGemm>(&op.shape)) {
    const double numbers = static_cast<double>(experts->k) * static_cast<double>(experts->n);
    demands.weights = {Demand::Kind::gathered, numbers * op.weight_bits / bits_per_byte};
  } else if (std::holds_alternative<model::StateUpdate>(op.shape)) {
    demands.cache = {Demand::Kind::mixed, states_written};
  }
  return demands;
}

}  // namespace plumb::accelerator

#pragma once
// The lowest rung of the ladder: what the steps of an explanation ask of the memory's banks by way of its pins (what
// units in it take is pim_rung.h's). What an operator asks is its own matter (accelerator/memory_share.h); what each
// demand opens of rows, finds open, and takes of energy is a
// table of the command-level model (memory/sustained_bandwidth.h).

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "accelerator/memory_share.h"
#include "cli/explanation.h"
#include "memory/specification.h"
#include "memory/sustained_bandwidth.h"
#include "report/json_writer.h"
#include "report/table.h"

namespace plumb::cli {

/// Bytes of one kind in a step, and what they come to.
struct RungLine {
  std::string name;  ///< "weights"
  double bytes = 0.0;
  memory::SustainedPoint point;
  double used_share = 0.0;  ///< of peak bandwidth, with what the accelerator loses besides
  double activations() const { return bytes * point.activations_per_byte; }
  double joules() const { return bytes * point.joules_per_byte; }
};
using StepRung = std::array<RungLine, 4>;  ///< weights, weights of experts, cache, activations

struct MemoryRung {
  accelerator::MemorySustains sustains;
  double measured_share = 0.0;  ///< e_b of memory_share.h
  memory::Demand experts, cache;

  const memory::Specification& specification() const { return *sustains.specification; }
  double residual() const { return sustains.residual(measured_share); }

  StepRung of(const StepView& view) const;
};

/// Nothing where the accelerator's memory is not described command by command.
std::optional<MemoryRung> find_memory_rung(const Subject& subject);

report::Table rung_table(const MemoryRung& rung, const Explanation& explanation);
void write_rung(report::JsonWriter& json, const MemoryRung& rung, const Explanation& explanation);

}  // namespace plumb::cli

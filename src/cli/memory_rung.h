#pragma once
// The lowest rung of the ladder: what the steps of an explanation ask of the memory's banks by way of its pins (what
// units in it take is pim_rung.h's). Weights are streamed, the cache is gathered in blocks of block_size keys or values
// of one layer, of activations half is written; what each demand opens of rows, finds open, and takes of energy is a
// table of the command-level model (memory/sustained_bandwidth.h).

#include <array>
#include <optional>
#include <string>

#include "catalog/catalog.h"
#include "cli/explanation.h"
#include "memory/specification.h"
#include "memory/sustained_bandwidth.h"
#include "report/json_writer.h"
#include "report/table.h"

namespace plumb::cli {

/// Bytes of one demand in a step, and what they come to.
struct RungLine {
  std::string name;  ///< "weights"
  double bytes = 0.0;
  memory::SustainedPoint point;
  double activations() const { return bytes * point.activations_per_byte; }
  double joules() const { return bytes * point.joules_per_byte; }
};
using StepRung = std::array<RungLine, 3>;

struct MemoryRung {
  memory::Specification specification;
  double cache_block_bytes = 0.0;
  memory::SustainedBandwidth sustained;

  StepRung of(const StepView& view) const;
};

/// Nothing where the accelerator's memory is not described command by command.
std::optional<MemoryRung> find_memory_rung(const catalog::Catalog& catalog, const Subject& subject);

report::Table rung_table(const MemoryRung& rung, const Explanation& explanation);
void write_rung(report::JsonWriter& json, const MemoryRung& rung, const Explanation& explanation);

}  // namespace plumb::cli

#include "accelerator/pim_memory.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "accelerator/memory_swap.h"
#include "memory/specification_file.h"

namespace plumb::accelerator {
namespace {

using memory::PimCost;
using memory::PimFigure;
using memory::PimShape;
using memory::Specification;

std::optional<double> joules(const PimFigure& figure) {
  return figure.energy ? std::optional(figure.energy->value()) : std::nullopt;
}

std::optional<double> difference(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? std::optional(*a - *b) : std::nullopt;
}

/// The share of its last pass that a matrix of so many outputs leaves to the units, where a pass takes `pass` of them.
double filled(std::int64_t outputs, double pass) {
  const double passes = std::ceil(static_cast<double>(outputs) / pass);
  return static_cast<double>(outputs) / (passes * pass);
}

/// Outputs that all units yield at once.
double pass_of(const Specification& of, int pseudo_channels) {
  const int sums = of.pim->style == memory::PimStyle::registers ? of.pim->vector_registers / 2 : 1;
  return static_cast<double>(pseudo_channels) * memory::pim_units(of) * sums;
}

}  // namespace

PimMemory::PimMemory(Specification specification, PimUse use) : specification_(std::move(specification)), use_(use) {}

std::string PimMemory::words() const {
  const std::string preset = specification_.preset.empty() ? "" : ":" + specification_.preset;
  return fmt::format("{} x {}{}{}", use_.stacks, specification_.name, preset, use_.beside ? " beside" : "");
}

std::int64_t PimMemory::channels() const {
  return static_cast<std::int64_t>(specification_.organisation.channels) * use_.stacks;
}

std::int64_t PimMemory::rows_reached() const {
  const std::int64_t all = specification_.organisation.rows, reached = specification_.pim->rows;
  return reached > 0 ? std::min(reached, all) : all;
}

double PimMemory::share_reached() const {
  return static_cast<double>(rows_reached()) / static_cast<double>(specification_.organisation.rows);
}

double PimMemory::bytes_per_s() const {
  if (use_.ideal_bytes_per_s) return *use_.ideal_bytes_per_s;
  return memory::pim_bandwidth_multiple(specification_) * specification_.peak_bandwidth().value() * use_.stacks;
}

double PimMemory::peak_flops_per_s() const {
  // Two operations for each element of two bytes.
  return use_.vectors.value_or(1.0) * bytes_per_s();
}

std::optional<double> PimMemory::stream_joules_per_byte() const {
  if (!specification_.energy) return std::nullopt;
  const memory::Energy& energy = *specification_.energy;
  const memory::Organisation& o = specification_.organisation;
  const double bytes_per_s = specification_.peak_bandwidth().value() / (o.channels * o.pseudo_channels);
  return 8.0 * energy.read.total() + energy.activation / static_cast<double>(o.row_bytes) +
         energy.standby_active / bytes_per_s;
}

PimProduct PimMemory::ideal_product(PimShape shape, std::int64_t matrices, double bits) const {
  const double bytes = static_cast<double>(shape.outputs) * static_cast<double>(shape.inputs) *
                       static_cast<double>(matrices) * bits / 8.0;
  const memory::Organisation& o = specification_.organisation;
  const double bytes_of_rows = static_cast<double>(o.row_bytes) * o.banks() * static_cast<double>(channels());
  const double seconds = bytes / *use_.ideal_bytes_per_s;
  return {seconds, seconds, {}, {}, static_cast<std::int64_t>(std::ceil(bytes / bytes_of_rows)), 1, 1};
}

PimHead PimMemory::ideal_head(double bytes_a_key) const {
  const double seconds = bytes_a_key * static_cast<double>(channels()) / *use_.ideal_bytes_per_s;
  const PimLine line{0.0, seconds, {}, {}};
  return {line, line};
}

Result<PimProduct> PimMemory::product(PimShape shape, std::int64_t matrices) const {
  const std::scoped_lock lock(mutex_);
  const auto key = std::tuple(shape.outputs, shape.inputs, matrices);
  const auto found = products_.find(key);
  if (found != products_.end()) return found->second;
  return products_.emplace(key, best_product(shape, matrices)).first->second;
}

Result<PimProduct> PimMemory::best_product(PimShape shape, std::int64_t matrices) const {
  const PimCost cost(specification_, use_.stacks);
  std::optional<PimProduct> best;
  Result<PimProduct> refused = fail(unmet_error("no placement"));
  constexpr double good_enough = 0.9;
  for (int lanes = 1; cost.pseudo_channels() % lanes == 0; lanes *= 2) {
    // What lanes have no matrix of their own take a part of one: along inputs, so that each still has many outputs.
    const std::int64_t parts = std::max<std::int64_t>(1, lanes / matrices);
    const std::int64_t inputs = (shape.inputs + parts - 1) / parts;
    if (parts > 1 && inputs < specification_.pim->lanes) break;
    const PimCost::Matrices placed{{shape.outputs, inputs}, matrices * parts, lanes};
    const auto one = cost.gemvs(placed, 1);
    if (!one) {
      refused = fail(one.error());
      continue;
    }
    PLUMB_ASSIGN(const PimFigure two, cost.gemvs(placed, 2));
    const PimProduct found{one->time.value(),
                           (two.time - one->time).value(),
                           joules(*one),
                           difference(joules(two), joules(*one)),
                           one->rows,
                           lanes,
                           static_cast<int>(parts)};
    if (!best || found.first_s < best->first_s) best = found;
    const bool all_busy = matrices * parts % lanes == 0;
    if (all_busy && filled(shape.outputs, pass_of(specification_, cost.pseudo_channels() / lanes)) > good_enough) break;
  }
  if (!best) return refused;
  return *best;
}

Result<PimHead> PimMemory::head(std::int64_t key_width, std::int64_t value_width) const {
  const std::scoped_lock lock(mutex_);
  const auto key = std::pair(key_width, value_width);
  const auto found = heads_.find(key);
  if (found != heads_.end()) return found->second;
  return heads_.emplace(key, fit_head(key_width, value_width)).first->second;
}

std::int64_t PimMemory::keys_of_group() const {
  const memory::Organisation& o = specification_.organisation;
  const auto scored = static_cast<std::int64_t>(pass_of(specification_, o.pseudo_channels));
  const memory::PimUnit& unit = *specification_.pim;
  const std::int64_t held = unit.style == memory::PimStyle::registers
                                ? unit.vector_registers / 2
                                : std::min<std::int64_t>(unit.buffer_bytes / o.access_bytes, o.columns());
  return std::max(scored, held * unit.lanes);
}

namespace {

/// Of one head alone in its channel: the mean over the contexts of one group of keys, of its first query and of what
/// another one adds.
struct HeadMean {
  double context = 0.0, first_s = 0.0, more_s = 0.0;
  std::optional<double> first_j = 0.0, more_j = 0.0;
};

Result<HeadMean> head_mean(const PimCost& cost, std::pair<std::int64_t, std::int64_t> widths, std::int64_t from,
                           std::int64_t group) {
  constexpr int samples = 4;
  HeadMean mean;
  const auto add = [](std::optional<double>& to, const std::optional<double>& more) {
    to = to && more ? std::optional(*to + *more / samples) : std::nullopt;
  };
  for (int i = 0; i < samples; ++i) {
    const std::int64_t context = from + (2 * i + 1) * group / (2 * samples);
    PLUMB_ASSIGN(const PimFigure one, cost.attention({1, context, widths.first, 1, widths.second}));
    PLUMB_ASSIGN(const PimFigure two, cost.attention({1, context, widths.first, 2, widths.second}));
    mean.context += static_cast<double>(context) / samples;
    mean.first_s += one.time.value() / samples;
    mean.more_s += (two.time - one.time).value() / samples;
    add(mean.first_j, joules(one));
    add(mean.more_j, difference(joules(two), joules(one)));
  }
  return mean;
}

}  // namespace

Result<PimHead> PimMemory::fit_head(std::int64_t key_width, std::int64_t value_width) const {
  // One stack: a head is in one channel, and there is one of them.
  const PimCost cost(specification_, 1);
  const std::int64_t group = keys_of_group();
  constexpr std::int64_t near = 2, far = 6;
  PLUMB_ASSIGN(const HeadMean low, head_mean(cost, {key_width, value_width}, near * group, group));
  PLUMB_ASSIGN(const HeadMean high, head_mean(cost, {key_width, value_width}, far * group, group));
  const auto line = [&](double at_low, double at_high) {
    const double slope = (at_high - at_low) / (high.context - low.context);
    return std::pair(at_low - slope * low.context, slope);
  };
  const auto line_of = [&](double low_s, double high_s, std::optional<double> low_j, std::optional<double> high_j) {
    PimLine of;
    std::tie(of.base_s, of.slope_s) = line(low_s, high_s);
    if (low_j && high_j) std::tie(of.base_j, of.slope_j) = line(*low_j, *high_j);
    return of;
  };
  return PimHead{line_of(low.first_s, high.first_s, low.first_j, high.first_j),
                 line_of(low.more_s, high.more_s, low.more_j, high.more_j)};
}

Result<std::shared_ptr<const PimMemory>> pim_of(const catalog::Catalog& catalog,
                                                const catalog::Accelerator& accelerator) {
  const std::shared_ptr<const PimMemory> none;
  const catalog::Accelerator::Pim wanted = accelerator.pim.value_or(catalog::Accelerator::Pim{});
  const bool beside = !wanted.memory.empty();
  const std::string name = beside ? wanted.memory : accelerator.specification();
  if (!beside) {
    // Most memories have no units: their commands need not be read to know it.
    const catalog::Memory* own = catalog.memory(accelerator.memory_kind);
    const Node* dram = own != nullptr && own->document ? own->document->root().find("dram") : nullptr;
    if (dram == nullptr || dram->find("pim") == nullptr) {
      if (!accelerator.pim) return none;
      return fail(input_error(accelerator.pim->place,
                              fmt::format("the memory of {}, {}, has no units that compute", accelerator.name, name),
                              "pim.memory, a memory with [dram.pim]"));
    }
  }
  auto found = memory::find_specification(name, catalog);
  if (!found) return fail(std::move(found).error());
  if (!found->pim)
    return fail(input_error(wanted.place, fmt::format("{} has no units that compute", in_quotes(name)),
                            "a memory with [dram.pim]"));
  const auto& stacks = wanted.stacks ? wanted.stacks : accelerator.memory_stacks;
  if (!stacks) {
    return fail(unmet_error(fmt::format("{}: not known: memory.stacks", accelerator.name),
                            fmt::format("this figure in [assume.{}] of the service file", accelerator.name)));
  }
  PimUse use;
  use.stacks = std::max(1, static_cast<int>(std::lround(stacks->value)));
  use.beside = beside;
  use.linear = wanted.linear;
  use.expert = wanted.expert;
  use.attention = wanted.attention;
  if (wanted.vectors) use.vectors = wanted.vectors->value;
  use.always = wanted.always;
  use.split = wanted.split;
  use.overlap = wanted.overlap;
  if (wanted.ideal) {
    const double pins = beside || !accelerator.memory_bandwidth ? found->peak_bandwidth().value() * use.stacks
                                                                : accelerator.memory_bandwidth->value.value();
    use.ideal_bytes_per_s = memory::pim_bandwidth_multiple(*found) * pins;
  }
  if (wanted.bandwidth) use.link_bytes_per_s = wanted.bandwidth->value.value();
  if (!use.any()) return none;
  return std::make_shared<const PimMemory>(*std::move(found), use);
}

}  // namespace plumb::accelerator

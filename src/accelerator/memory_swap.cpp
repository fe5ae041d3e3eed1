#include "accelerator/memory_swap.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "memory/pim_cost.h"
#include "memory/specification_file.h"
#include "memory/sustained_table.h"

namespace plumb::accelerator {
namespace {

using catalog::Accelerator;
using catalog::Catalog;
using memory::Specification;

constexpr double cache_block_bytes = 32768.0, activations_written = 0.5;

/// "hbm3:5200" is a way to run hbm3.
std::string_view memory_of(std::string_view specification) { return specification.substr(0, specification.rfind(':')); }

/// A figure that was reckoned for somebody's what-if.
template <class T>
catalog::Figure<T> reckoned(T value, const Accelerator& of, std::string_view specification) {
  return {value, Evidence::assumed,
          fmt::format("{} with {} in place of {}", of.name, specification, specification_of(of)),
          "reckoned by accelerator/memory_swap.h", of.place};
}

/// The latest price of a byte of a memory, by the order of the file.
std::optional<double> price_per_byte(const catalog::Memory& memory) {
  if (memory.prices.empty()) return std::nullopt;
  const auto latest = std::max_element(memory.prices.begin(), memory.prices.end(),
                                       [](const auto& a, const auto& b) { return a.date < b.date; });
  return latest->figure.value.value();
}

/// What memory of some capacity costs, in dollars; a band where it rests on a premium.
struct MemoryPrice {
  double value = 0.0, low = 0.0, high = 0.0;
};

/// The memory of which this one is the sibling that computes.
const catalog::Memory* plain_sibling(const Catalog& catalog, std::string_view name) {
  for (const auto& [plain_name, plain] : catalog.memories())
    if (memory_of(plain.pim) == name) return &plain;
  return nullptr;
}

/// Of `stacks` stacks that have `capacity` bytes together.
std::optional<MemoryPrice> price_of(const Catalog& catalog, std::string_view name, double stacks, double capacity) {
  const catalog::Memory* memory = catalog.memory(name);
  if (memory == nullptr) return std::nullopt;
  if (const auto a_byte = price_per_byte(*memory)) {
    const double price = capacity * *a_byte;
    return MemoryPrice{price, price, price};
  }
  const catalog::Memory* plain = plain_sibling(catalog, name);
  if (plain == nullptr || !memory->price_premium || !plain->capacity) return std::nullopt;
  // The units' room was bought as room for cells: a stack costs what one of the plain memory does, and more.
  const auto a_byte = price_per_byte(*plain);
  if (!a_byte) return std::nullopt;
  const double price = stacks * plain->capacity->value.value() * *a_byte;
  const catalog::Memory::Premium& premium = *memory->price_premium;
  return MemoryPrice{price * premium.figure.value, price * premium.low, price * premium.high};
}

struct Side {
  Specification specification;
  memory::SustainedBandwidth sustained;
  double capacity = 0.0, bandwidth = 0.0;
  double computing_w = 0.0;  ///< of all stacks while their units compute; 0 without units
};

/// Of one stack, whose units all multiply a matrix of many rows.
double computing_w(const Specification& specification) {
  if (!specification.pim || !specification.energy) return 0.0;
  constexpr std::int64_t outputs = 8192, inputs = 8192;
  const auto figure = memory::PimCost(specification, 1).gemv({outputs, inputs});
  return figure && figure->energy ? figure->energy->value() / figure->time.value() : 0.0;
}

Result<Side> side_of(const Catalog& catalog, std::string_view name, double stacks, const std::string& cache_folder) {
  PLUMB_ASSIGN(Specification specification, memory::find_specification(name, catalog));
  memory::SustainedBandwidth sustained = memory::sustained_of(specification, cache_folder);
  const double capacity = stacks * static_cast<double>(specification.organisation.capacity_bytes());
  const double bandwidth = stacks * specification.peak_bandwidth().value();
  const double computing = stacks * computing_w(specification);
  return Side{std::move(specification), std::move(sustained), capacity, bandwidth, computing};
}

void change_power(Accelerator& to, const Side& from, const Side& with, double old_bandwidth, std::string_view name) {
  if (!to.power || !from.specification.energy || !with.specification.energy) return;
  const auto draws = [](const Side& side, double bandwidth) {
    return std::max(bandwidth * side.sustained.points().front().joules_per_byte, side.computing_w);
  };
  const double change = draws(with, with.bandwidth) - draws(from, old_bandwidth);
  to.power = reckoned(Watts::of(std::max(1.0, to.power->value.value() + change)), to, name);
}

void change_prices(const Catalog& catalog, Accelerator& to, double stacks, double old_capacity, const Side& with,
                   std::string_view name) {
  const auto old_price = price_of(catalog, to.memory_kind, stacks, old_capacity),
             new_price = price_of(catalog, memory_of(name), stacks, with.capacity);
  if (!old_price || !new_price) return;
  const auto changed = [](Dollars price, double by, Dollars least) { return std::max(least, price + Dollars::of(by)); };
  for (catalog::Price<Dollars>& price : to.purchase) {
    const Dollars least = 0.1 * price.figure.value;  // a price cannot fall below nothing
    price.low = changed(price.low, new_price->low - old_price->high, least);
    price.high = changed(price.high, new_price->high - old_price->low, least);
    price.figure = reckoned(changed(price.figure.value, new_price->value - old_price->value, least), to, name);
  }
}

}  // namespace

std::string specification_of(const Accelerator& accelerator) {
  return accelerator.memory_specification.empty() ? accelerator.memory_kind : accelerator.memory_specification;
}

Result<Accelerator> with_memory(const Catalog& catalog, const Accelerator& accelerator, std::string_view name,
                                const std::string& cache_folder) {
  const auto missing = [&](std::string_view what) {
    return fail(unmet_error(fmt::format("{}: not known: {}", accelerator.name, what),
                            fmt::format("this figure in [assume.{}] of the service file", accelerator.name)));
  };
  if (!accelerator.memory_stacks) return missing("memory.stacks");
  if (!accelerator.memory_bandwidth) return missing("memory.bandwidth");
  if (!accelerator.memory_capacity) return missing("memory.capacity");
  const double stacks = accelerator.memory_stacks->value;
  PLUMB_ASSIGN(const Side from, side_of(catalog, specification_of(accelerator), stacks, cache_folder));
  if (name == specification_of(accelerator)) return accelerator;
  PLUMB_ASSIGN(const Side with, side_of(catalog, name, stacks, cache_folder));

  Accelerator changed = accelerator;
  changed.title = fmt::format("{} with {}", accelerator.title, with.specification.title);
  changed.sustained_factors.weights = with.sustained.streamed() / from.sustained.streamed();
  changed.sustained_factors.cache =
      with.sustained.gathered(cache_block_bytes) / from.sustained.gathered(cache_block_bytes);
  changed.sustained_factors.activations =
      with.sustained.mixed(activations_written) / from.sustained.mixed(activations_written);
  change_power(changed, from, with, accelerator.memory_bandwidth->value.value(), name);
  change_prices(catalog, changed, stacks, accelerator.memory_capacity->value.value(), with, name);
  changed.memory_capacity = reckoned(Bytes::of(with.capacity), accelerator, name);
  changed.memory_bandwidth = reckoned(BytesPerSecond::of(with.bandwidth), accelerator, name);
  changed.memory_kind = std::string(memory_of(name));
  changed.memory_specification = std::string(name);
  return changed;
}

namespace {

/// Gives every accelerator the memory that `wanted` names for it; how many took it.
template <class Wanted>
Result<int> replace_memories(Catalog& catalog, const std::string& cache_folder, Wanted wanted) {
  std::vector<Accelerator> changed;
  for (const auto& [name, accelerator] : catalog.accelerators()) {
    const std::string with = wanted(accelerator);
    if (with.empty()) continue;
    auto swapped = with_memory(catalog, accelerator, with, cache_folder);
    if (swapped) {
      changed.push_back(*std::move(swapped));
    } else if (swapped.error().fault != Fault::unmet) {
      return fail(std::move(swapped).error());
    }
  }
  const int count = static_cast<int>(changed.size());
  for (Accelerator& accelerator : changed) catalog.replace(std::move(accelerator));
  return count;
}

Status add_units(Catalog& catalog, const std::string& cache_folder) {
  PLUMB_ASSIGN(const int count, replace_memories(catalog, cache_folder, [&](const Accelerator& accelerator) {
                 const catalog::Memory* memory = catalog.memory(accelerator.memory_kind);
                 return memory != nullptr ? memory->pim : std::string();
               }));
  if (count > 0) return {};
  return fail(input_error({}, "no accelerator of known stacks has a memory of which one with units is known",
                          "a memory with the key \"pim\", such as hbm3"));
}

}  // namespace

Status swap_memory(Catalog& catalog, std::string_view swap, const std::string& cache_folder) {
  if (swap == "+pim") return add_units(catalog, cache_folder);
  constexpr std::string_view arrows[] = {"->", "\u2192"};
  std::string_view from, with;
  for (const std::string_view arrow : arrows) {
    const std::size_t at = swap.find(arrow);
    if (at == std::string_view::npos) continue;
    from = swap.substr(0, at);
    with = swap.substr(at + arrow.size());
  }
  if (from.empty() || with.empty())
    return fail(input_error({}, fmt::format("{} names no two memories", in_quotes(swap)),
                            "such as \"hbm3e->hbm3\", or \"+pim\""));
  PLUMB_ASSIGN(const int count, replace_memories(catalog, cache_folder, [&](const Accelerator& accelerator) {
                 const bool has_it = accelerator.memory_kind == from || specification_of(accelerator) == from;
                 return has_it ? std::string(with) : std::string();
               }));
  if (count > 0) return {};
  return fail(input_error({}, fmt::format("no accelerator of known stacks has the memory {}", in_quotes(from)),
                          "a memory that `plumb catalog` shows of an accelerator"));
}

}  // namespace plumb::accelerator

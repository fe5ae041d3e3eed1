#include "accelerator/memory_swap.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

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
std::optional<double> price_per_byte(const Catalog& catalog, std::string_view name) {
  const catalog::Memory* memory = catalog.memory(name);
  if (memory == nullptr || memory->prices.empty()) return std::nullopt;
  const auto latest = std::max_element(memory->prices.begin(), memory->prices.end(),
                                       [](const auto& a, const auto& b) { return a.date < b.date; });
  return latest->figure.value.value();
}

struct Side {
  Specification specification;
  memory::SustainedBandwidth sustained;
  double capacity = 0.0, bandwidth = 0.0;
};

Result<Side> side_of(const Catalog& catalog, std::string_view name, double stacks, const std::string& cache_folder) {
  PLUMB_ASSIGN(Specification specification, memory::find_specification(name, catalog));
  memory::SustainedBandwidth sustained = memory::sustained_of(specification, cache_folder);
  const double capacity = stacks * static_cast<double>(specification.organisation.capacity_bytes());
  const double bandwidth = stacks * specification.peak_bandwidth().value();
  return Side{std::move(specification), std::move(sustained), capacity, bandwidth};
}

void change_power(Accelerator& to, const Side& from, const Side& with, double old_bandwidth, std::string_view name) {
  if (!to.power || !from.specification.energy || !with.specification.energy) return;
  const double change = with.bandwidth * with.sustained.points().front().joules_per_byte -
                        old_bandwidth * from.sustained.points().front().joules_per_byte;
  to.power = reckoned(Watts::of(std::max(1.0, to.power->value.value() + change)), to, name);
}

void change_prices(const Catalog& catalog, Accelerator& to, double old_capacity, const Side& with,
                   std::string_view name) {
  const auto old_price = price_per_byte(catalog, to.memory_kind), new_price = price_per_byte(catalog, memory_of(name));
  if (!old_price || !new_price) return;
  const Dollars change = Dollars::of(with.capacity * *new_price - old_capacity * *old_price);
  for (catalog::Price<Dollars>& price : to.purchase) {
    const Dollars least = 0.1 * price.figure.value;  // a price cannot fall below nothing
    price.low = std::max(least, price.low + change);
    price.high = std::max(least, price.high + change);
    price.figure = reckoned(std::max(least, price.figure.value + change), to, name);
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
  change_prices(catalog, changed, accelerator.memory_capacity->value.value(), with, name);
  changed.memory_capacity = reckoned(Bytes::of(with.capacity), accelerator, name);
  changed.memory_bandwidth = reckoned(BytesPerSecond::of(with.bandwidth), accelerator, name);
  changed.memory_kind = std::string(memory_of(name));
  changed.memory_specification = std::string(name);
  return changed;
}

Status swap_memory(Catalog& catalog, std::string_view swap, const std::string& cache_folder) {
  constexpr std::string_view arrows[] = {"->", "\u2192"};
  std::string_view from, with;
  for (const std::string_view arrow : arrows) {
    const std::size_t at = swap.find(arrow);
    if (at == std::string_view::npos) continue;
    from = swap.substr(0, at);
    with = swap.substr(at + arrow.size());
  }
  if (from.empty() || with.empty())
    return fail(input_error({}, fmt::format("{} names no two memories", in_quotes(swap)), "such as \"hbm3e->hbm3\""));
  std::vector<Accelerator> changed;
  for (const auto& [name, accelerator] : catalog.accelerators()) {
    if (accelerator.memory_kind != from && specification_of(accelerator) != from) continue;
    auto swapped = with_memory(catalog, accelerator, with, cache_folder);
    if (swapped) {
      changed.push_back(*std::move(swapped));
    } else if (swapped.error().fault != Fault::unmet) {
      return fail(std::move(swapped).error());
    }
  }
  if (changed.empty())
    return fail(input_error({}, fmt::format("no accelerator of known stacks has the memory {}", in_quotes(from)),
                            "a memory that `plumb catalog` shows of an accelerator"));
  for (Accelerator& accelerator : changed) catalog.replace(std::move(accelerator));
  return {};
}

}  // namespace plumb::accelerator

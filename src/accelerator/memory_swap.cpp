#include "accelerator/memory_swap.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "memory/fingerprint.h"
#include "memory/pim_cost.h"
#include "memory/specification_file.h"
#include "memory/sustained_table.h"

namespace plumb::accelerator {
namespace {

using catalog::Accelerator;
using catalog::Catalog;
using memory::Specification;

/// "hbm3:5200" is a way to run hbm3.
std::string_view memory_of(std::string_view specification) { return specification.substr(0, specification.rfind(':')); }

/// A figure that was reckoned for somebody's what-if.
template <class T>
catalog::Figure<T> reckoned(T value, const Accelerator& of, std::string_view specification) {
  return {value, Evidence::assumed,
          fmt::format("{} with {} in place of {}", of.name, specification, of.specification()),
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
  bool operator==(const MemoryPrice&) const = default;
};

/// The memory of which this one is the sibling that computes.
const catalog::Memory* plain_sibling(const Catalog& catalog, std::string_view name) {
  for (const auto& [plain_name, plain] : catalog.memories())
    if (memory_of(plain.pim) == name) return &plain;
  return nullptr;
}

/// Of `stacks` stacks that have `capacity` bytes together.
std::optional<MemoryPrice> price_of(const Catalog& catalog, const catalog::Memory* memory, double stacks,
                                    double capacity) {
  if (memory == nullptr) return std::nullopt;
  if (const auto a_byte = price_per_byte(*memory)) {
    const double price = capacity * *a_byte;
    return MemoryPrice{price, price, price};
  }
  const catalog::Memory* plain = plain_sibling(catalog, memory->name);
  if (plain == nullptr || !memory->price_premium || !plain->capacity) return std::nullopt;
  // The units' room was bought as room for cells: a stack costs what one of the plain memory does, and more.
  const auto a_byte = price_per_byte(*plain);
  if (!a_byte) return std::nullopt;
  const double price = stacks * plain->capacity->value.value() * *a_byte;
  const catalog::Memory::Premium& premium = *memory->price_premium;
  return MemoryPrice{price * premium.figure.value, price * premium.low, price * premium.high};
}

/// A memory as an accelerator has it.
struct Side {
  Specification specification;
  memory::SustainedBandwidth sustained;
  double capacity = 0.0, bandwidth = 0.0;  ///< of all stacks
  std::optional<MemoryPrice> price;        ///< of all stacks
  double computing_w = 0.0;                ///< of all stacks while their units compute; 0 without units

  /// Of streams, or of units that compute if that is more; nothing where the energies are not known.
  std::optional<double> watts() const {
    if (!specification.energy) return std::nullopt;
    return std::max(bandwidth * sustained.at({memory::Demand::Kind::streamed, 0.0}).joules_per_byte, computing_w);
  }
};

/// Of one stack, whose units all multiply a matrix of many rows.
double computing_w(const Specification& specification) {
  if (!specification.pim || !specification.energy) return 0.0;
  constexpr std::int64_t outputs = 8192, inputs = 8192;
  const auto figure = memory::PimCost(specification, 1).gemv({outputs, inputs});
  return figure && figure->energy ? figure->energy->value() / figure->time.value() : 0.0;
}

/// Tables by fingerprint: many accelerators have the same memory.
class Tables {
 public:
  explicit Tables(std::string folder) : folder_(std::move(folder)) {}
  memory::SustainedBandwidth of(const Specification& specification) {
    const std::string key = memory::fingerprint(specification);
    const auto found = tables_.find(key);
    if (found != tables_.end()) return found->second;
    return tables_.emplace(key, memory::sustained_of(specification, folder_)).first->second;
  }

 private:
  std::string folder_;
  std::map<std::string, memory::SustainedBandwidth> tables_;
};

/// What of a side its specification does not tell.
struct Held {
  std::optional<MemoryPrice> price;
  double stacks = 1.0, capacity = 0.0, bandwidth = 0.0;
};

Side side_of(const Catalog& catalog, const Accelerator& of, Specification specification, const Held& held,
             Tables& tables) {
  if (const catalog::EfficiencyClass* efficiency = catalog.efficiency_class(of.efficiency_class))
    specification = memory::as_run_by(*efficiency, std::move(specification));
  memory::SustainedBandwidth sustained = tables.of(specification);
  const double computing = held.stacks * computing_w(specification);
  return {std::move(specification), std::move(sustained), held.capacity, held.bandwidth, held.price, computing};
}

void change_power(Accelerator& to, const Side& from, const Side& with, std::string_view name) {
  const std::optional<double> old_watts = from.watts(), new_watts = with.watts();
  if (!to.power || !old_watts || !new_watts || *old_watts == *new_watts) return;
  to.power = reckoned(Watts::of(std::max(1.0, to.power->value.value() + *new_watts - *old_watts)), to, name);
}

void change_prices(Accelerator& to, const Side& from, const Side& with, std::string_view name) {
  if (!from.price || !with.price) return;
  const MemoryPrice &old_price = *from.price, &new_price = *with.price;
  if (new_price == old_price) return;
  const auto changed = [](Dollars price, double by, Dollars least) { return std::max(least, price + Dollars::of(by)); };
  for (catalog::Price<Dollars>& price : to.purchase) {
    const Dollars least = 0.1 * price.figure.value;  // a price cannot fall below nothing
    price.low = changed(price.low, new_price.low - old_price.high, least);
    price.high = changed(price.high, new_price.high - old_price.low, least);
    price.figure = reckoned(changed(price.figure.value, new_price.value - old_price.value, least), to, name);
  }
}

/// Capacity, bandwidth, power and price of `accelerator` with another memory. Both are known of it.
Accelerator changed(const Accelerator& accelerator, const Side& from, const Side& with, std::string_view name) {
  Accelerator to = accelerator;
  change_power(to, from, with, name);
  change_prices(to, from, with, name);
  if (with.capacity != from.capacity) to.memory_capacity = reckoned(Bytes::of(with.capacity), accelerator, name);
  if (with.bandwidth != from.bandwidth)
    to.memory_bandwidth = reckoned(BytesPerSecond::of(with.bandwidth), accelerator, name);
  return to;
}

/// The accelerator with its memory as it was edited.
Result<Accelerator> with_edited_memory(const Catalog& catalog, const Accelerator& accelerator, Tables& tables) {
  const std::string& name = accelerator.specification();
  const catalog::Memory* entry = catalog.memory(memory_of(name));
  if (entry == nullptr) return accelerator;  // a file of somebody's own
  const catalog::Memory* unedited = entry->unedited ? entry->unedited.get() : entry;
  PLUMB_ASSIGN(Specification before, memory::find_unedited_specification(name, catalog));
  PLUMB_ASSIGN(Specification after, memory::find_specification(name, catalog));
  const bool same = memory::fingerprint(before) == memory::fingerprint(after);
  if (same && price_per_byte(*entry) == price_per_byte(*unedited)) return accelerator;
  const double more_capacity = static_cast<double>(after.organisation.capacity_bytes()) /
                               static_cast<double>(before.organisation.capacity_bytes());
  const double more_bandwidth = after.peak_bandwidth().value() / before.peak_bandwidth().value();
  const double capacity = accelerator.memory_capacity->value.value();
  const double bandwidth = accelerator.memory_bandwidth->value.value();
  const double stacks = accelerator.memory_stacks
                            ? accelerator.memory_stacks->value
                            : capacity / static_cast<double>(before.organisation.capacity_bytes());
  const auto held = [&](const catalog::Memory* memory, double bytes, double bytes_per_s) {
    return Held{price_of(catalog, memory, stacks, bytes), stacks, bytes, bytes_per_s};
  };
  const Side from = side_of(catalog, accelerator, std::move(before), held(unedited, capacity, bandwidth), tables);
  const Side with = side_of(catalog, accelerator, std::move(after),
                            held(entry, capacity * more_capacity, bandwidth * more_bandwidth), tables);
  return changed(accelerator, from, with, name);
}

}  // namespace

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
  PLUMB_ASSIGN(Specification old, memory::find_specification(accelerator.specification(), catalog));
  if (name == accelerator.specification()) return accelerator;
  PLUMB_ASSIGN(Specification other, memory::find_specification(name, catalog));
  const double old_capacity = accelerator.memory_capacity->value.value();
  const double capacity = stacks * static_cast<double>(other.organisation.capacity_bytes());
  const double bandwidth = stacks * other.peak_bandwidth().value();
  Tables tables(cache_folder);
  const Side from = side_of(catalog, accelerator, std::move(old),
                            {price_of(catalog, catalog.memory(accelerator.memory_kind), stacks, old_capacity), stacks,
                             old_capacity, accelerator.memory_bandwidth->value.value()},
                            tables);
  const Side with = side_of(
      catalog, accelerator, std::move(other),
      {price_of(catalog, catalog.memory(memory_of(name)), stacks, capacity), stacks, capacity, bandwidth}, tables);
  Accelerator to = changed(accelerator, from, with, name);
  to.title = fmt::format("{} with {}", accelerator.title, with.specification.title);
  to.memory_kind = std::string(memory_of(name));
  to.memory_specification = std::string(name);
  if (to.sold_with.empty()) to.sold_with = accelerator.specification();
  return to;
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
                 const bool has_it = accelerator.memory_kind == from || accelerator.specification() == from;
                 return has_it ? std::string(with) : std::string();
               }));
  if (count > 0) return {};
  return fail(input_error({}, fmt::format("no accelerator of known stacks has the memory {}", in_quotes(from)),
                          "a memory that `plumb catalog` shows of an accelerator"));
}

Status follow_memory_edits(Catalog& catalog, const std::string& cache_folder) {
  const auto& memories = catalog.memories();
  if (std::none_of(memories.begin(), memories.end(), [](const auto& entry) { return entry.second.unedited; }))
    return {};
  Tables tables(cache_folder);
  std::vector<Accelerator> edits;
  for (const auto& [name, accelerator] : catalog.accelerators()) {
    if (!accelerator.memory_capacity || !accelerator.memory_bandwidth) continue;
    if (!memory::is_described(accelerator.specification(), catalog)) continue;
    PLUMB_ASSIGN(Accelerator edited, with_edited_memory(catalog, accelerator, tables));
    edits.push_back(std::move(edited));
  }
  for (Accelerator& accelerator : edits) catalog.replace(std::move(accelerator));
  return {};
}

}  // namespace plumb::accelerator

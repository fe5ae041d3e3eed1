#include "accelerator/memory_swap.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "memory/fingerprint.h"
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
std::optional<double> price_per_byte(const catalog::Memory* memory) {
  if (memory == nullptr || memory->prices.empty()) return std::nullopt;
  const auto latest = std::max_element(memory->prices.begin(), memory->prices.end(),
                                       [](const auto& a, const auto& b) { return a.date < b.date; });
  return latest->figure.value.value();
}

/// A memory as an accelerator has it.
struct Side {
  Specification specification;
  memory::SustainedBandwidth sustained;
  double capacity = 0.0, bandwidth = 0.0;  ///< of all stacks
  std::optional<double> price_per_byte;

  /// Of streams; nothing where its energies are not known.
  std::optional<double> watts() const {
    if (!specification.energy) return std::nullopt;
    return bandwidth * sustained.at({memory::Demand::Kind::streamed, 0.0}).joules_per_byte;
  }
};

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

Side side_of(const Catalog& catalog, const Accelerator& of, Specification specification, const catalog::Memory* entry,
             double capacity, double bandwidth, Tables& tables) {
  if (const catalog::EfficiencyClass* efficiency = catalog.efficiency_class(of.efficiency_class))
    specification = memory::as_run_by(*efficiency, std::move(specification));
  memory::SustainedBandwidth sustained = tables.of(specification);
  return {std::move(specification), std::move(sustained), capacity, bandwidth, price_per_byte(entry)};
}

void change_power(Accelerator& to, const Side& from, const Side& with, std::string_view name) {
  const std::optional<double> old_watts = from.watts(), new_watts = with.watts();
  if (!to.power || !old_watts || !new_watts || *old_watts == *new_watts) return;
  to.power = reckoned(Watts::of(std::max(1.0, to.power->value.value() + *new_watts - *old_watts)), to, name);
}

void change_prices(Accelerator& to, const Side& from, const Side& with, std::string_view name) {
  if (!from.price_per_byte || !with.price_per_byte) return;
  const Dollars change = Dollars::of(with.capacity * *with.price_per_byte - from.capacity * *from.price_per_byte);
  if (change == Dollars()) return;
  for (catalog::Price<Dollars>& price : to.purchase) {
    const Dollars least = 0.1 * price.figure.value;  // a price cannot fall below nothing
    price.low = std::max(least, price.low + change);
    price.high = std::max(least, price.high + change);
    price.figure = reckoned(std::max(least, price.figure.value + change), to, name);
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
  if (same && price_per_byte(entry) == price_per_byte(unedited)) return accelerator;
  const double more_capacity = static_cast<double>(after.organisation.capacity_bytes()) /
                               static_cast<double>(before.organisation.capacity_bytes());
  const double more_bandwidth = after.peak_bandwidth().value() / before.peak_bandwidth().value();
  const double capacity = accelerator.memory_capacity->value.value();
  const double bandwidth = accelerator.memory_bandwidth->value.value();
  const Side from = side_of(catalog, accelerator, std::move(before), unedited, capacity, bandwidth, tables);
  const Side with = side_of(catalog, accelerator, std::move(after), entry, capacity * more_capacity,
                            bandwidth * more_bandwidth, tables);
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
  const double capacity = stacks * static_cast<double>(other.organisation.capacity_bytes());
  const double bandwidth = stacks * other.peak_bandwidth().value();
  Tables tables(cache_folder);
  const Side from =
      side_of(catalog, accelerator, std::move(old), catalog.memory(accelerator.memory_kind),
              accelerator.memory_capacity->value.value(), accelerator.memory_bandwidth->value.value(), tables);
  const Side with =
      side_of(catalog, accelerator, std::move(other), catalog.memory(memory_of(name)), capacity, bandwidth, tables);
  Accelerator to = changed(accelerator, from, with, name);
  to.title = fmt::format("{} with {}", accelerator.title, with.specification.title);
  to.memory_kind = std::string(memory_of(name));
  to.memory_specification = std::string(name);
  if (to.sold_with.empty()) to.sold_with = accelerator.specification();
  return to;
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
  std::vector<Accelerator> swaps;
  for (const auto& [name, accelerator] : catalog.accelerators()) {
    if (accelerator.memory_kind != from && accelerator.specification() != from) continue;
    auto swapped = with_memory(catalog, accelerator, with, cache_folder);
    if (swapped) {
      swaps.push_back(*std::move(swapped));
    } else if (swapped.error().fault != Fault::unmet) {
      return fail(std::move(swapped).error());
    }
  }
  if (swaps.empty())
    return fail(input_error({}, fmt::format("no accelerator of known stacks has the memory {}", in_quotes(from)),
                            "a memory that `plumb catalog` shows of an accelerator"));
  for (Accelerator& accelerator : swaps) catalog.replace(std::move(accelerator));
  return {};
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

#include "catalog/kernel_fit.h"

#include <algorithm>
#include <array>
#include <cassert>

#include <fmt/format.h>

#include "catalog/figure_reader.h"

namespace plumb::catalog {
namespace {

/// The format itself, then those that stand in for it.
std::span<const std::string_view> order(std::string_view format) {
  static constexpr std::array<std::string_view, 4> fp4{"fp4", "fp8", "fp8-block", "bf16"};
  static constexpr std::array<std::string_view, 3> blocks{"fp8-block", "fp8", "bf16"}, fp8{"fp8", "fp8-block", "bf16"};
  static constexpr std::array<std::string_view, 1> bf16{"bf16"};
  if (format == "fp4") return fp4;
  if (format == "fp8-block") return blocks;
  return format == "fp8" ? std::span<const std::string_view>(fp8) : bf16;
}

double read_value(Reader& table, const KernelParameter& parameter) {
  const Range range{parameter.low, parameter.high};
  if (!parameter.is_time) return table.number_if(parameter.key, range).value_or(parameter.low);
  return table.quantity_if<Seconds>(parameter.key, range).value_or(Seconds::of(parameter.low)).value();
}

KernelFit read_fit(Reader& table, const FigureReader& figures, const KernelFamily& family, std::string format) {
  KernelFit fit;
  fit.family = &family;
  fit.format = std::move(format);
  fit.place = table.place();
  for (const KernelParameter& parameter : family.parameters) fit.values.push_back(read_value(table, parameter));
  Reader made = table.table("fit");
  fit.error = made.number("error", not_negative);
  fit.left_out = made.number("left_out", not_negative);
  fit.p90 = made.number("p90", not_negative);
  fit.points = made.integer("points");
  fit.range = made.text("range");
  fit.source = figures.source_of(made);
  fit.note = made.text_if("note").value_or("");
  return fit;
}

template <class Names>
void reject_unknown(Reader& table, const std::string& key, std::string_view what, const Names& names) {
  table.reject(key, fmt::format("unknown {} \"{}\"", what, key), fmt::format("one of {}", fmt::join(names, ", ")));
}

}  // namespace

const KernelFamily* kernel_family(std::string_view name) {
  const std::span<const KernelFamily> families = kernel_families();
  const auto found = std::find_if(families.begin(), families.end(), [&](const auto& f) { return f.name == name; });
  return found == families.end() ? nullptr : &*found;
}

double KernelFamily::value(std::span<const double> values, std::string_view key) const {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].key == key) return values[i];
  }
  assert(false && "a parameter that the family has");
  return 0.0;
}

const KernelFit* KernelFits::find(std::string_view family, std::string_view format) const {
  for (const std::string_view each : order(format)) {
    const auto found = fits_.find(std::pair(std::string(family), std::string(each)));
    if (found != fits_.end()) return &found->second;
  }
  return nullptr;
}

void KernelFits::put(KernelFit fit) {
  std::pair<std::string, std::string> key(fit.family->name, fit.format);
  fits_.insert_or_assign(std::move(key), std::move(fit));
}

void KernelFits::override_with(const KernelFits& better) {
  for (const auto& [key, fit] : better.fits_) fits_.insert_or_assign(key, fit);
}

KernelFits read_kernel_fits(Reader& file, const FigureReader& figures, Evidence evidence) {
  KernelFits fits;
  std::optional<Reader> kernels = file.table_if("kernel");
  if (!kernels) return fits;
  std::vector<std::string_view> names;
  for (const KernelFamily& family : kernel_families()) names.push_back(family.name);
  for (auto& [name, formats] : kernels->named_tables()) {
    const KernelFamily* family = kernel_family(name);
    if (family == nullptr) {
      reject_unknown(*kernels, name, "family of kernels", names);
      return fits;
    }
    for (auto& [format, table] : formats.named_tables()) {
      if (std::find(std::begin(kernel_formats), std::end(kernel_formats), format) == std::end(kernel_formats))
        reject_unknown(formats, format, "format", kernel_formats);
      KernelFit fit = read_fit(table, figures, *family, format);
      fit.evidence = evidence;
      fits.put(std::move(fit));
    }
  }
  return fits;
}

}  // namespace plumb::catalog

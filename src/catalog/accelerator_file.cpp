#include "catalog/accelerator_file.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "catalog/figure_reader.h"

namespace plumb::catalog {
namespace {

constexpr Range years{1950.0, 2100.0};
constexpr Range domain_ranks{1.0, 1e6};

template <class T>
void replace(Known<T>& figure, Known<T> by) {
  if (by) figure = std::move(by);
}

void replace_name(std::string& name, Place& place, Reader& table, std::string_view key) {
  if (std::optional<std::string> by = table.text_if(key)) {
    name = *std::move(by);
    place = table.place(key);
  }
}

void read_compute(Reader& table, const FigureReader& figures, Accelerator& accelerator) {
  for (const std::string& key : table.keys()) {
    const std::optional<NumberFormat> format = number_format(key);
    if (!format) {
      const std::string near = nearest_word(key, number_format_names);
      table.reject(key, fmt::format("unknown number format \"{}\"", key),
                   near.empty() ? fmt::format("one of {}", fmt::join(number_format_names, ", "))
                                : fmt::format("perhaps \"{}\"", near));
      return;
    }
    if (auto rate = figures.quantity<FlopsPerSecond>(table, key)) accelerator.compute[*format] = *std::move(rate);
  }
}

void read_memory(Reader& table, const FigureReader& figures, Accelerator& accelerator) {
  replace_name(accelerator.memory_kind, accelerator.memory_place, table, "kind");
  if (std::optional<std::string> name = table.text_if("specification"))
    accelerator.memory_specification = *std::move(name);
  replace(accelerator.memory_stacks, figures.number(table, "stacks"));
  replace(accelerator.memory_capacity, figures.quantity<Bytes>(table, "capacity"));
  replace(accelerator.memory_bandwidth, figures.quantity<BytesPerSecond>(table, "bandwidth"));
}

void read_pim(Reader& table, const FigureReader& figures, Accelerator& accelerator) {
  Accelerator::Pim pim = accelerator.pim.value_or(Accelerator::Pim{});
  pim.place = table.place();
  if (std::optional<std::string> name = table.text_if("memory")) pim.memory = *std::move(name);
  replace(pim.stacks, figures.number(table, "stacks"));
  replace(pim.bandwidth, figures.quantity<BytesPerSecond>(table, "bandwidth"));
  replace(pim.vectors, figures.number(table, "vectors", from_one));
  pim.ideal = table.boolean_if("ideal").value_or(pim.ideal);
  pim.always = table.boolean_if("always").value_or(pim.always);
  pim.split = table.boolean_if("split").value_or(pim.split);
  pim.overlap = table.boolean_if("overlap").value_or(pim.overlap);
  if (table.has("families")) {
    pim.linear = pim.expert = pim.attention = false;
    for (const std::string& family : table.texts("families")) {
      if (family == "linear") pim.linear = true;
      if (family == "expert") pim.expert = true;
      if (family == "attention") pim.attention = true;
      if (family != "linear" && family != "expert" && family != "attention")
        table.reject("families", fmt::format("\"{}\" is no family that memory computes", family),
                     "some of \"linear\", \"expert\", \"attention\", or none");
    }
  }
  accelerator.pim = std::move(pim);
}

void read_sram(Reader& table, const FigureReader& figures, Accelerator& accelerator) {
  if (std::optional<std::string> kind = table.text_if("kind")) accelerator.sram_kind = *std::move(kind);
  replace(accelerator.sram, figures.quantity<Bytes>(table, "capacity"));
}

void read_link(Reader& table, const FigureReader& figures, Accelerator& accelerator) {
  replace_name(accelerator.link, accelerator.link_place, table, "name");
  replace(accelerator.link_bandwidth, figures.quantity<BytesPerSecond>(table, "bandwidth"));
  if (const auto ranks = table.integer_if("domain", domain_ranks))
    accelerator.scale_up_ranks = static_cast<int>(*ranks);
}

void read_prices(Reader& file, const FigureReader& figures, Accelerator& accelerator) {
  static constexpr std::array<std::string_view, 2> kinds{"purchase", "rent"};
  std::vector<Price<Dollars>> purchase;
  std::vector<Price<DollarsPerSecond>> rent;
  for (Reader& entry : file.tables("price")) {
    const std::size_t kind = entry.choice("kind", kinds, kinds.size());
    if (kind == kinds.size()) entry.reject("kind", "\"kind\" is missing", "kind = \"purchase\" or kind = \"rent\"");
    if (kind == 0) purchase.push_back(figures.price<Dollars>(entry));
    if (kind == 1) rent.push_back(figures.price<DollarsPerSecond>(entry));
  }
  if (!purchase.empty()) accelerator.purchase = std::move(purchase);
  if (!rent.empty()) accelerator.rent = std::move(rent);
}

/// What a file of the catalog and a user's assumptions have in common. What is absent stays as it is.
void read_figures(Reader& file, const FigureReader& figures, Accelerator& accelerator) {
  replace_name(accelerator.efficiency_class, accelerator.class_place, file, "class");
  if (auto table = file.table_if("compute")) read_compute(*table, figures, accelerator);
  if (auto table = file.table_if("memory")) read_memory(*table, figures, accelerator);
  if (auto table = file.table_if("pim")) read_pim(*table, figures, accelerator);
  if (auto table = file.table_if("sram")) read_sram(*table, figures, accelerator);
  if (auto table = file.table_if("link")) read_link(*table, figures, accelerator);
  if (auto table = file.table_if("power")) replace(accelerator.power, figures.quantity<Watts>(*table, "design"));
  read_prices(file, figures, accelerator);
}

}  // namespace

Result<Accelerator> read_accelerator(const Document& document, std::string name) {
  Reader file(document);
  Accelerator accelerator;
  accelerator.name = std::move(name);
  accelerator.place = document.place(0, 0);
  accelerator.title = file.text("title");
  accelerator.vendor = file.text("vendor");
  accelerator.year = static_cast<int>(file.integer_if("year", years).value_or(0));
  accelerator.aliases = file.texts("aliases");
  accelerator.aliases_assumed = file.texts("aliases_assumed");
  accelerator.process = file.text_if("process").value_or("");
  accelerator.notes = file.texts("notes");
  const FigureReader figures = FigureReader::of_file(file);
  // What an accelerator cannot do without; an assumption may leave it out.
  file.text("class");
  file.table("memory").text("kind");
  file.table("link").text("name");
  read_figures(file, figures, accelerator);
  PLUMB_TRY(file.finish());
  return accelerator;
}

Status assume_figures(Reader& figures, Accelerator& accelerator) {
  const FigureReader reader =
      FigureReader::of_assumptions(fmt::format("[assume.{}] of {}", accelerator.name, figures.place().file));
  Accelerator assumed = accelerator;
  read_figures(figures, reader, assumed);
  PLUMB_TRY(figures.finish());
  accelerator = std::move(assumed);
  return {};
}

}  // namespace plumb::catalog

#include "catalog/memory_file.h"

#include "base/reader.h"
#include "catalog/figure_reader.h"

namespace plumb::catalog {
namespace {

constexpr Range years{1950.0, 2100.0};

/// A pin's rate is written as bits per second and kept as the number that the field calls it by.
Known<double> pin_rate(Reader& table, const FigureReader& figures) {
  constexpr double bits_per_byte = 8.0, giga = 1e9;
  const Known<BytesPerSecond> rate = figures.quantity<BytesPerSecond>(table, "pin_rate");
  if (!rate) return std::nullopt;
  return Figure<double>{rate->value.value() * bits_per_byte / giga, rate->evidence, rate->source, rate->note,
                        rate->place};
}

/// [price_premium]: stack = { value = 1.5, ... }, low = 1.1, high = 2.
std::optional<Memory::Premium> premium(Reader& file, const FigureReader& figures) {
  Memory::Premium premium;
  auto table = file.table_if("price_premium");
  if (!table) return std::nullopt;
  premium.figure = figures.required_number(*table, "stack", from_one);
  premium.low = table->number_if("low", from_one).value_or(premium.figure.value);
  premium.high = table->number_if("high", from_one).value_or(premium.figure.value);
  if (premium.low > premium.figure.value || premium.high < premium.figure.value)
    table->reject("stack", "the figure is outside of its band", "low <= stack <= high");
  return premium;
}

}  // namespace

Result<Memory> read_memory(const Document& document, std::string name) {
  Reader file(document);
  Memory memory;
  memory.name = std::move(name);
  memory.place = document.place(0, 0);
  memory.title = file.text("title");
  memory.year = static_cast<int>(file.integer_if("year", years).value_or(0));
  memory.notes = file.texts("notes");
  memory.document = document;
  file.allow("dram");
  const FigureReader figures = FigureReader::of_file(file);
  if (auto package = file.table_if("package")) {
    memory.pin_rate_gbit_s = pin_rate(*package, figures);
    memory.io_width_bits = figures.number(*package, "io_width");
    memory.capacity = figures.quantity<Bytes>(*package, "capacity");
    memory.bandwidth = figures.quantity<BytesPerSecond>(*package, "bandwidth");
    memory.energy = figures.quantity<JoulesPerByte>(*package, "energy");
  }
  memory.pim = file.text_if("pim").value_or("");
  memory.price_premium = premium(file, figures);
  for (Reader& entry : file.tables("price")) memory.prices.push_back(figures.price<DollarsPerByte>(entry));
  PLUMB_TRY(file.finish());
  return memory;
}

}  // namespace plumb::catalog

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
  for (Reader& entry : file.tables("price")) memory.prices.push_back(figures.price<DollarsPerByte>(entry));
  PLUMB_TRY(file.finish());
  return memory;
}

}  // namespace plumb::catalog

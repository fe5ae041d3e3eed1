// Any text as the file of a memory: its [dram] table and each of its presets are read into a specification that keeps
// its promises, or refused with one line that names the file; never a crash or a hang.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "memory/address_mapping.h"
#include "memory/specification_file.h"

namespace {

using namespace plumb;

void promise(bool kept) {
  if (!kept) std::abort();
}

void check(const memory::Specification& of) {
  const memory::Organisation& organisation = of.organisation;
  promise(organisation.banks() >= 1 && organisation.rows >= 1 && organisation.columns() >= 1);
  promise(organisation.capacity_bytes() > 0 && of.tick_s() > 0.0 && std::isfinite(of.peak_bandwidth().value()));
  promise(of.read_latency > 0 && of.write_latency > 0 && of.burst > 0);
  for (const memory::Constraint& constraint : of.constraints) {
    promise(constraint.from >= 0 && constraint.from < static_cast<int>(of.commands.size()));
    promise(constraint.to >= 0 && constraint.to < static_cast<int>(of.commands.size()));
    promise(constraint.ticks > 0 && constraint.window >= 1);
  }
  for (const memory::Command& command : of.commands) promise(command.bus_ticks >= 0);
  for (const memory::Parameter& parameter : of.parameters) promise(std::isfinite(parameter.clocks));
  const auto mapping = memory::AddressMapping::make(of.mapping, organisation, {});
  promise(mapping.has_value());
  const auto size = static_cast<std::uint64_t>(organisation.capacity_bytes());
  const auto step = static_cast<std::uint64_t>(organisation.access_bytes);
  for (const std::uint64_t access : {std::uint64_t{0}, size / step / 3, size / step - 1}) {
    const memory::Location at = mapping->locate(access * step);
    promise(at.bank >= 0 && at.bank < organisation.banks() && at.row >= 0 && at.row < organisation.rows);
    promise(mapping->address_of(at) == access * step);
  }
}

void check(const Error& error) {
  promise(error.fault == Fault::input && !error.message.empty());
  promise(one_line(error).find('\n') == std::string::npos);
  promise(!render(error).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = Document::parse_toml(text, "fuzz.toml");
  if (!document) {
    check(document.error());
    return 0;
  }
  // The text is every memory that it may be like, also itself.
  const memory::FindDocument find = [&](std::string_view) -> Result<Document> { return *document; };
  for (const std::string_view preset : {"", "fast"}) {
    const auto specification = memory::read_specification(*document, "fuzz", preset, find);
    if (specification) {
      check(*specification);
    } else {
      check(specification.error());
    }
  }
  return 0;
}

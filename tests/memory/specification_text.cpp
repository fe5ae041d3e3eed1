#include "specification_text.h"

#include <cstdlib>
#include <iostream>

namespace plumb::memory {

const std::string_view small_text = R"(title = "Test memory"
[sources]
sheet = "Test data sheet"
[dram]
clock = "1 ns"
constraints = [
  { from = "ACT", to = ["RD", "WR"], in = "bank", after = "tRCD" },
  { from = "ACT", to = ["PRE", "PREA"], in = "bank", after = "tRAS" },
  { from = "ACT", to = ["ACT", "REF"], in = "bank", after = "tRC" },
  { from = ["PRE", "PREA"], to = ["ACT", "REF"], in = "bank", after = "tRP" },
  { from = "RD", to = ["PRE", "PREA"], in = "bank", after = "tRTP" },
  { from = "WR", to = ["PRE", "PREA"], in = "bank", after = "tCWL + tBL + tWR" },
  { from = "ACT", to = "ACT", in = "rank", after = "tFAW", window = 4 },
  { from = "RD", to = "RD", in = "rank", after = "tBL" },
  { from = "WR", to = "WR", in = "rank", after = "tBL" },
  { from = "RD", to = "WR", in = "rank", after = "tCL + tBL + 2 - tCWL" },
  { from = "WR", to = "RD", in = "rank", after = "tCWL + tBL + tWTR" },
  { from = "REF", to = ["ACT", "REF"], in = "rank", after = "tRFC" },
]
[dram.organisation]
channels = 2
bank_groups = 2
banks_per_group = 2
rows = 1024
row_bytes = 1024
access_bytes = 64
[dram.timing]
source = "sheet"
tBL = 4
tCL = 14
tCWL = 10
tRCD = "13.5 ns"
tRP = 14
tRAS = 32
tRC = 46
tWR = 15
tRTP = 8
tFAW = 20
tWTR = { value = "7.5 ns", note = "a note" }
tREFI = "3.9 us"
tRFC = 350
[dram.commands]
ACT = { does = "activate" }
PRE = { does = "precharge" }
PREA = { does = "precharge_all", scope = "rank" }
RD = { does = "read" }
WR = { does = "write" }
REF = { does = "refresh", scope = "rank" }
[dram.mapping]
order = ["bank_group", "column", "channel", "bank", "row"]
[dram.preset.fast]
clock = "0.5 ns"
[dram.preset.fast.timing]
tCL = 20
)";

const catalog::Catalog& facts() {
  static const Result<catalog::Catalog> catalog = catalog::Catalog::builtin();
  if (!catalog) {
    std::cerr << one_line(catalog.error()) << '\n';
    std::abort();
  }
  return *catalog;
}

Specification specification(std::string_view name) {
  Result<Specification> found = find_specification(name, facts());
  if (!found) {
    std::cerr << name << ": " << one_line(found.error()) << '\n';
    std::abort();
  }
  return std::move(*found);
}

std::string changed(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  const std::size_t at = result.find(from);
  if (at == std::string::npos || result.find(from, at + 1) != std::string::npos) {
    std::cerr << "not once in the text: " << from << '\n';
    std::abort();
  }
  return result.replace(at, from.size(), to);
}

Result<Specification> read(std::string_view text, std::string_view preset) {
  const Result<Document> document = Document::parse_toml(text, "small.toml");
  if (!document) return fail(document.error());
  const FindDocument find = [](std::string_view name) -> Result<Document> {
    if (const catalog::Memory* memory = facts().memory(name); memory != nullptr && memory->document)
      return *memory->document;
    return fail(input_error({}, "unknown memory", "a memory"));
  };
  return read_specification(*document, "small", preset, find);
}

std::string read_error(std::string_view text, std::string_view preset) {
  const Result<Specification> specification = read(text, preset);
  return specification ? std::string() : one_line(specification.error());
}

}  // namespace plumb::memory

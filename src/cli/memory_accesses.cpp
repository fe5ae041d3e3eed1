#include "cli/memory_accesses.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/reader.h"
#include "memory/access_trace.h"
#include "memory/pattern.h"
#include "memory/simulation.h"

namespace plumb::cli {
namespace {

Error unknown_pattern(const std::string& name) {
  std::vector<std::string_view> names;
  for (const memory::PatternName& pattern : memory::pattern_names()) names.push_back(pattern.name);
  const std::string near = nearest_word(name, names);
  return input_error({}, fmt::format("no pattern and no file is called \"{}\"", name),
                     near.empty() ? fmt::format("one of {}, or the path of a trace", fmt::join(names, ", "))
                                  : fmt::format("perhaps {}", near));
}

}  // namespace

Status open_accesses(const std::string& name, const memory::Specification& of, std::uint64_t seed,
                     MemoryAccesses& accesses) {
  accesses.source = memory::make_pattern(name, memory::space_of(of, seed));
  if (accesses.source != nullptr) return {};
  accesses.endless = false;
  PLUMB_ASSIGN(accesses.mapping, memory::AddressMapping::make(of.mapping, of.organisation, {}));
  auto trace = memory::open_access_trace(name, {of, accesses.mapping});
  // A word without a path in it was more likely meant as a pattern.
  if (!trace && name.find_first_of("./") == std::string::npos) return fail(unknown_pattern(name));
  if (!trace) return fail(std::move(trace).error());
  accesses.source = std::move(*trace);
  return {};
}

}  // namespace plumb::cli

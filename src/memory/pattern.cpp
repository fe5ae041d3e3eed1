#include "memory/pattern.h"

#include <array>

#include "memory/pattern_families.h"

namespace plumb::memory {
namespace {

struct Family {
  PatternName name;
  std::unique_ptr<AccessSource> (*make)(const PatternSpace& space);
};
constexpr std::array families{
    Family{{"seq", "sequential reads"}, make_sequential_pattern},
    Family{{"rand", "random reads"}, make_random_pattern},
    Family{{"gather", "reads of random 4 KiB blocks"}, make_gather_pattern},
    Family{{"mixs", "a sequential stream, every third access a write"}, make_mixed_stream_pattern},
    Family{{"mix", "three arrays, two read and one written"}, make_mixed_arrays_pattern},
};

}  // namespace

std::unique_ptr<AccessSource> make_pattern(std::string_view name, const PatternSpace& space) {
  for (const Family& family : families)
    if (family.name.name == name) return family.make(space);
  return nullptr;
}

std::vector<PatternName> pattern_names() {
  std::vector<PatternName> names;
  for (const Family& family : families) names.push_back(family.name);
  return names;
}

}  // namespace plumb::memory

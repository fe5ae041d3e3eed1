#include "memory/specification_file.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/reader.h"
#include "memory/specification_draft.h"

namespace plumb::memory {
namespace {

/// How many memories may be like one another in turn before it must be a circle.
constexpr int likeness_max = 8;

struct SpecName {
  std::string name, preset;
};

/// "hbm3:ramulator" is hbm3 and ramulator.
SpecName split(std::string_view spec) {
  const std::size_t colon = spec.rfind(':');
  if (colon == std::string_view::npos) return {std::string(spec), {}};
  return {std::string(spec.substr(0, colon)), std::string(spec.substr(colon + 1))};
}

std::map<std::string, std::string, std::less<>> sources_of(Reader& file) {
  std::map<std::string, std::string, std::less<>> sources;
  if (auto table = file.table_if("sources"))
    for (const std::string& key : table->keys()) sources.emplace(key, table->text(key));
  return sources;
}

/// The catalog room reads these; here they are only known.
void allow_facts(Reader& file) {
  for (const std::string_view key : {"year", "notes", "package", "pim", "price", "price_premium"}) file.allow(key);
}

/// Reads a file's layers into the draft, those of the memory that it is like first. Returns the place of its [dram].
Result<Place> read_file(const Document& document, std::string_view preset, const FindDocument& find, int depth,
                        SpecificationDraft& draft) {
  Reader file(document);
  file.text("title");
  allow_facts(file);
  const auto sources = sources_of(file);
  if (!file.has("dram"))
    return fail(input_error(document.place(0, 0), "no table [dram]: this memory has no commands described"));
  Reader dram = file.table("dram");
  if (auto like = dram.text_if("like")) {
    if (depth == likeness_max) return fail(dram.error("like", "memories are like one another in a circle"));
    const SpecName other = split(*like);
    auto base = find(other.name);
    if (!base)
      return fail(dram.error("like", fmt::format("unknown memory {}", in_quotes(other.name)), base.error().expected));
    PLUMB_TRY(read_file(*base, other.preset, find, depth + 1, draft));
  }
  draft.read_layer(dram, sources);
  bool found = preset.empty();
  std::vector<std::string> names;
  if (auto presets = dram.table_if("preset")) {
    for (const std::string& name : presets->keys()) names.push_back(name);
    for (auto& [name, layer] : presets->named_tables()) {
      layer.text_if("title");
      SpecificationDraft unused;
      (name == preset ? draft : unused).read_layer(layer, sources);
      found = found || name == preset;
    }
  }
  const Place place = file.place("dram");
  PLUMB_TRY(file.finish());
  if (!found)
    return fail(input_error(place, fmt::format("no preset {}", in_quotes(preset)),
                            names.empty() ? std::string("none") : fmt::format("one of {}", fmt::join(names, ", "))));
  return place;
}

}  // namespace

Result<Specification> read_specification(const Document& file, std::string name, std::string_view preset,
                                         const FindDocument& find) {
  SpecificationDraft draft;
  PLUMB_ASSIGN(const Place place, read_file(file, preset, find, 0, draft));
  PLUMB_ASSIGN(Specification specification, draft.finish(place));
  specification.name = std::move(name);
  specification.preset = std::string(preset);
  Reader title(file);
  specification.title = title.text("title");
  return specification;
}

Result<Specification> find_specification(std::string_view spec, const catalog::Catalog& catalog) {
  const FindDocument find = [&](std::string_view name) -> Result<Document> {
    const catalog::Memory* memory = catalog.memory(name);
    if (memory == nullptr || !memory->document) {
      std::vector<std::string> known;
      for (const auto& [known_name, known_memory] : catalog.memories()) known.push_back(known_name);
      const std::string nearest = nearest_word(name, known);
      return fail(input_error(
          {}, fmt::format("unknown memory {}", in_quotes(name)),
          nearest.empty() ? fmt::format("one of {}", fmt::join(known, ", ")) : fmt::format("perhaps {}", nearest)));
    }
    return *memory->document;
  };
  SpecName parts = split(spec);
  const bool is_file = parts.name.find('/') != std::string::npos || parts.name.ends_with(".toml");
  PLUMB_ASSIGN(const Document document, is_file ? Document::read_toml(parts.name) : find(parts.name));
  return read_specification(document, parts.name, parts.preset, find);
}

std::vector<std::string> specification_names(const catalog::Catalog& catalog) {
  std::vector<std::string> names;
  for (const auto& [name, memory] : catalog.memories()) {
    if (!memory.document) continue;
    const Node* dram = memory.document->root().find("dram");
    if (dram == nullptr) continue;
    names.push_back(name);
    if (const Node* presets = dram->find("preset"))
      for (const Node::Member& preset : presets->members) names.push_back(fmt::format("{}:{}", name, preset.key));
  }
  return names;
}

std::vector<std::string> specifications_in_use(const catalog::Catalog& catalog) {
  std::vector<std::string> names = specification_names(catalog);
  std::erase_if(names, [&](const std::string& name) {
    return name.find(':') != std::string::npos && std::ranges::none_of(catalog.accelerators(), [&](const auto& entry) {
             return entry.second.memory_specification == name;
           });
  });
  return names;
}

}  // namespace plumb::memory

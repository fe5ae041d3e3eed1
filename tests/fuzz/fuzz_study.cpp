// Whatever text a study is: an error with a place, or points whose every edit can be made or refused at a place.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "document_invariants.h"
#include "study/study.h"

namespace {

using namespace plumb;
using fuzz::require;

Status never_checked(const study::PointInputs&) { return {}; }
Result<Document> never_run(const study::PointInputs&) { return fail(unmet_error("not run")); }

constexpr std::string_view bases[] = {"deployment"};
constexpr study::OptionName options[] = {{"rate"}, {"trace", true}};

const Document& base() {
  static const Document document = *Document::parse_toml(
      "name = \"x\"\ntp = 2\n[engine]\nseqs = 256\nrate = \"3 GB/s\"\n[[model]]\nname = \"8B\"\n", "base.toml");
  return document;
}

void check_point(const study::Study& read, std::size_t point) {
  const std::vector<std::size_t> positions = read.positions(point);
  require(positions.size() == read.axes.size());
  for (std::size_t i = 0; i < positions.size(); ++i) require(positions[i] < read.axes[i].labels.size());
  const study::PointEdits edits = study::edits_at(read, positions);
  for (const auto& [subject, list] : edits.edits.all()) {
    const auto document = base().with(list);
    if (!document) {
      require(document.error().place.line >= 1 && !document.error().message.empty());
      continue;
    }
    Reader reader(*document);
    reader.text("name");
    reader.integer("tp", from_one);
    if (const Status status = reader.finish(); !status) require(!render(status.error()).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<study::PointKind> kinds{{"simulate",
                                                    bases,
                                                    options,
                                                    {{"cost", "plumb.cost", "Cost", "$"}, {"speed", "speed", "", ""}},
                                                    {{"cost", false}, {"speed", true}},
                                                    "evidence",
                                                    never_checked,
                                                    never_run}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = Document::parse_toml(text, "study.toml");
  if (!document) return 0;
  const auto read = study::read_study(*document, kinds);
  if (!read) {
    fuzz::check_error(read.error(), text);
    return 0;
  }
  const std::size_t points = read->points();
  require(points >= 1 && points <= study::points_max);
  for (const std::size_t point : {std::size_t{0}, points / 2, points - 1}) check_point(*read, point);
  return 0;
}

#pragma once
// A made-up kind of point, cheap enough to run thousands of times, and studies of it.

#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/reader.h"
#include "base/temporary_folder.h"
#include "study/study.h"

namespace plumb::study::test {

/// How many points have been run: what was taken over is not run.
inline std::atomic<int> runs = 0;

inline Result<double> read_base(const PointInputs& inputs, double& x, std::string& name) {
  Reader root(inputs.base);
  x = root.number("x", {-1e6, 1e6});
  const double y = root.table("deep").number("y");
  name = root.text_if("name").value_or("none");
  root.text_if("file");
  PLUMB_TRY(root.finish());
  return y;
}

inline Status check_square(const PointInputs& inputs) {
  double x = 0.0;
  std::string name;
  PLUMB_TRY(read_base(inputs, x, name));
  if (const auto scale = inputs.options.find("scale"); scale != inputs.options.end()) {
    if (scale->second.text == "0") return fail(input_error({}, "--scale is \"0\"", "another number"));
  }
  return {};
}

/// x squared and its distance from y, where x is not above 100.
inline Result<Document> run_square(const PointInputs& inputs) {
  ++runs;
  double x = 0.0;
  std::string name;
  PLUMB_ASSIGN(const double y, read_base(inputs, x, name));
  if (x > 100.0) return fail(unmet_error(fmt::format("{} is too much, \"really\", even", x)));
  const auto scale = inputs.options.find("scale");
  const double by = scale == inputs.options.end() ? 1.0 : std::stod(scale->second.text);
  const catalog::Accelerator* card = inputs.catalog.accelerator("h100-sxm");
  return Document::parse_json(
      fmt::format(R"({{"square": {}, "list": [{{"distance": {}}}], "name": "{}", "gb": {}, "evidence": "{}"}})",
                  x * x * by, std::abs(x - y), name, card->memory_capacity->value.value() / 1e9,
                  evidence_name(card->memory_capacity->evidence)),
      "result");
}

inline const std::vector<PointKind>& kinds() {
  static constexpr std::string_view bases[] = {"thing"};
  static constexpr OptionName options[] = {{"scale"}, {"input", true}};
  static const std::vector<PointKind> table{{"square",
                                             bases,
                                             options,
                                             {{"square", "square", "Square", "m2"},
                                              {"distance", "list.0.distance", "Distance", "m"},
                                              {"gb", "gb", "Memory", "GB"}},
                                             {{"square", false}, {"distance", false}},
                                             "evidence",
                                             check_square,
                                             run_square}};
  return table;
}

inline constexpr std::string_view base_text = "x = 1\nname = \"base\"\n[deep]\ny = 3\n";
inline constexpr std::string_view head = "[study]\ntitle = \"T\"\nbase = \"base.toml\"\ncommand = \"square\"\n";

/// What reading a study says, on one line; empty where it is read.
inline std::string study_error(std::string_view text) {
  const auto document = Document::parse_toml(text, "s.toml");
  if (!document) return one_line(document.error());
  const auto study = read_study(*document, kinds());
  return study ? "" : one_line(study.error());
}

/// A study beside its base in a folder.
inline Study study_in(const TemporaryFolder& folder, std::string_view axes) {
  folder.write("base.toml", base_text);
  auto document = Document::parse_toml(std::string(head) + std::string(axes), folder.file("s.toml"));
  EXPECT_TRUE(document) << render(document.error());
  auto study = read_study(*document, kinds());
  EXPECT_TRUE(study) << render(study.error());
  return *study;
}

}  // namespace plumb::study::test

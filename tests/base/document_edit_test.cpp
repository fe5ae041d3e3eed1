// Does an edit change a document as if its text had been written so, and is what is wrong with it said where the edit
// was written?

#include "base/document_edit.h"

#include <gtest/gtest.h>

#include "base/number_text.h"
#include "base/reader.h"

namespace plumb {
namespace {

Document toml(std::string_view text, const std::string& name = "base.toml") {
  auto document = Document::parse_toml(text, name);
  EXPECT_TRUE(document) << render(document.error());
  return document.value_or(*Document::parse_toml("", name));
}

/// An edit whose value is `key`'s in a study of one line.
Edit edit_of(std::string_view path, const std::string& value, bool multiply = false) {
  const Document study = toml("v = " + value, "study.toml");
  const Node& node = *study.root().find("v");
  Edit edit{*parse_key_path(path), node, std::nullopt,
            std::make_shared<const EditOrigin>(EditOrigin{study, "axis \"v\""})};
  if (multiply) edit.factor = node.number;
  return edit;
}

Result<Document> edited(const Document& document, const Edit& edit) { return document.with({&edit, 1}); }

std::string error_of(const Document& document, const Edit& edit) {
  const auto result = edited(document, edit);
  return result ? "no error" : one_line(result.error());
}

const Document base = toml(R"(rate = 3
share = 0.5
[engine]
seqs = 256
[memory]
bandwidth = { value = "3350 GB/s", source = "x" }
[[model]]
name = "8B"
[[model]]
name = "llama-3.1"
)");

TEST(DocumentEdit, PutsAValueInPlaceOfAnotherAndLeavesTheOriginalAsItWas) {
  const auto document = edited(base, edit_of("engine.seqs", "512"));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().find("engine")->find("seqs")->integer, 512);
  EXPECT_EQ(base.root().find("engine")->find("seqs")->integer, 256);
}

TEST(DocumentEdit, MakesTheTablesThatAreNotThere) {
  const auto document = edited(base, edit_of("targets.ttft.limit", "\"1 s\""));
  ASSERT_TRUE(document);
  Reader root(*document);
  for (const char* known : {"rate", "share", "engine", "memory", "model"}) root.allow(known);
  Reader targets = root.table("targets");
  EXPECT_EQ(targets.table("ttft").quantity<Seconds>("limit"), 1.0 * second);
  EXPECT_TRUE(root.finish());
}

TEST(DocumentEdit, FindsTablesOfAListByNameAndByIndex) {
  for (const char* path : {"model.\"llama-3.1\".weights", "model.1.weights"}) {
    const auto document = edited(base, edit_of(path, "\"fp8\""));
    ASSERT_TRUE(document) << path;
    EXPECT_EQ(document->root().find("model")->items[1].find("weights")->string, "fp8");
  }
  EXPECT_EQ(
      error_of(base, edit_of("model.70B.weights", "\"fp8\"")),
      "study.toml:1:5: axis \"v\": \"model.70B.weights\": the list in base.toml has no \"70B\"; expected an index "
      "below 2, or a name in the list");
}

TEST(DocumentEdit, AFactorMultipliesNumbersAndQuantitiesWithTheirUnits) {
  EXPECT_EQ(edited(base, edit_of("engine.seqs", "2", true))->root().find("engine")->find("seqs")->integer, 512);
  EXPECT_EQ(edited(base, edit_of("share", "0.5", true))->root().find("share")->number, 0.25);
  const auto document = edited(base, edit_of("memory.bandwidth", "1.5", true));
  EXPECT_EQ(document->root().find("memory")->find("bandwidth")->string, "5025 GB/s");
}

TEST(DocumentEdit, AFactorOfOneLeavesEveryNumberAsItIs) {
  for (const char* path : {"rate", "share", "engine.seqs"}) {
    const auto document = edited(base, edit_of(path, "1", true));
    ASSERT_TRUE(document);
    const Node *before = &base.root(), *after = &document->root();
    const std::vector<std::string> parts = *parse_key_path(path);
    for (const std::string& part : parts) before = before->find(part), after = after->find(part);
    EXPECT_EQ(before->kind, after->kind) << path;
    EXPECT_EQ(before->number, after->number) << path;
  }
}

TEST(DocumentEdit, WhatCannotBeMultipliedIsSaid) {
  EXPECT_EQ(error_of(base, edit_of("engine.blocks", "2", true)),
            "study.toml:1:5: axis \"v\": base.toml has no \"engine.blocks\" to multiply; expected a key of that file");
  EXPECT_EQ(
      error_of(base, edit_of("model", "2", true)),
      "study.toml:1:5: axis \"v\": \"model\" of base.toml is an array; expected a number or a quantity, which can "
      "be multiplied");
}

TEST(DocumentEdit, AValueHasNoKeysOfItsOwn) {
  EXPECT_EQ(error_of(base, edit_of("rate.mean", "2")),
            "study.toml:1:5: axis \"v\": \"rate.mean\": \"rate\" is an integer in base.toml, without keys of its own; "
            "expected a key of a table");
}

TEST(DocumentEdit, AReaderSaysWhatIsWrongWithAValueWhereTheEditWasWritten) {
  const auto document = edited(base, edit_of("engine.seqs", "-1"));
  Reader root(*document);
  for (const char* known : {"rate", "share", "memory", "model"}) root.allow(known);
  root.table("engine").integer("seqs", from_one);
  const Status status = root.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(render(status.error()),
            "study.toml:1:5: axis \"v\": \"seqs\" is -1; expected at least 1\n  v = -1\n      ^\n");
}

TEST(DocumentEdit, AReaderRefusesAKeyThatNobodyKnowsWhereTheEditWasWritten) {
  const auto document = edited(base, edit_of("engine.sequences", "1"));
  Reader root(*document);
  for (const char* known : {"rate", "share", "memory", "model"}) root.allow(known);
  root.table("engine").integer("seqs");
  const Status status = root.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()), "study.toml:1:5: axis \"v\": unknown key \"sequences\"; expected one of seqs");
}

TEST(DocumentEdit, AnEditThatNobodyReadsIsRefusedWhereOtherKeysAreNot) {
  const auto document = edited(base, edit_of("engine.sequences", "1"));
  Reader unread(*document);
  unread.table("engine").integer("seqs");
  EXPECT_TRUE(unread.first_error());
  ASSERT_FALSE(unread.finish_edits());
  EXPECT_EQ(one_line(unread.finish_edits().error()),
            "study.toml:1:5: axis \"v\": unknown key \"sequences\"; expected one of seqs");
  Reader read(*document);
  read.table("engine").integer("sequences");
  EXPECT_TRUE(read.finish_edits());
}

TEST(DocumentEdit, AReaderKnowsWhoPutAValueThere) {
  const auto document = edited(base, edit_of("rate", "7"));
  const Reader root(*document);
  EXPECT_EQ(root.edited_by("rate"), "axis \"v\" of study.toml");
  EXPECT_EQ(root.edited_by("share"), std::nullopt);
  EXPECT_EQ(root.place("rate").file, "study.toml");
}

TEST(KeyPath, PartsWithDotsStandInQuotes) {
  EXPECT_EQ(*parse_key_path("a.b-c.d_1"), (std::vector<std::string>{"a", "b-c", "d_1"}));
  EXPECT_EQ(*parse_key_path("model.\"llama-3.1\".x"), (std::vector<std::string>{"model", "llama-3.1", "x"}));
  EXPECT_EQ(*parse_key_path("'a.b'"), (std::vector<std::string>{"a.b"}));
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "\"\""})
    EXPECT_FALSE(parse_key_path(bad)) << bad;
}

TEST(NumberText, KeepsWhatStandsAroundTheNumber) {
  const auto rent = split_number("$2.35/h");
  ASSERT_TRUE(rent);
  EXPECT_EQ(rent->with(rent->number * 2.0), "$4.7/h");
  EXPECT_EQ(split_number("-.5 s")->number, -0.5);
  EXPECT_EQ(split_number("80 GiB")->with(0.1), "0.1 GiB");
  EXPECT_EQ(split_number("1e3 W")->after, " W");
  EXPECT_FALSE(split_number("inf"));
  EXPECT_FALSE(split_number(""));
}

}  // namespace
}  // namespace plumb

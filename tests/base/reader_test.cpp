// Does a Reader say what is wrong with a document, where, and what was expected? The texts are pinned.

#include "base/reader.h"

#include <array>
#include <cmath>
#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace plumb {
namespace {

using Reading = std::function<void(Reader&)>;

std::string read(const Result<Document>& document, const Reading& reading) {
  if (!document) return render(document.error());
  Reader reader(*document);
  reading(reader);
  const Status status = reader.finish();
  return status ? "no error" : render(status.error());
}

std::string read_toml(std::string_view text, const Reading& reading) {
  return read(Document::parse_toml(text, "s.toml"), reading);
}

std::string read_json(std::string_view text, const Reading& reading) {
  return read(Document::parse_json(text, "c.json"), reading);
}

TEST(Reader, ReadsListsOfLists) {
  std::vector<std::vector<double>> lists;
  const Reading reading = [&](Reader& r) { lists = r.number_lists("itls", not_negative); };
  EXPECT_EQ(read_json(R"({"itls": [[0.5, 1], [], [2]]})", reading), "no error");
  EXPECT_EQ(lists, (std::vector<std::vector<double>>{{0.5, 1.0}, {}, {2.0}}));
  EXPECT_EQ(read_json("{}", reading), "no error");
  EXPECT_TRUE(lists.empty());
  EXPECT_EQ(read_json(R"({"itls": [[0.5], 1]})", reading),
            "c.json:1:18: \"itls\" is an integer; expected a list of lists of numbers\n"
            "  {\"itls\": [[0.5], 1]}\n"
            "                   ^\n");
  EXPECT_EQ(read_json(R"({"itls": [[0.5, -1]]})", reading),
            "c.json:1:17: \"itls\" is -1; expected at least 0\n"
            "  {\"itls\": [[0.5, -1]]}\n"
            "                  ^\n");
}

TEST(Reader, ReadsEveryKind) {
  const auto document = Document::parse_toml(R"(
name = "chat"
users = 1e6
layers = 32
ratio = 0.25
on = true
ttft = "500 ms"
words = ["a", "b"]
word = "c"
numbers = [1, 2.5]
counts = [3, 4.0]
mode = "fast"
[gpu]
memory = "80 GB"
[[stage]]
n = 1
[[stage]]
n = 2
[price]
kind = 1
)",
                                             "s.toml");
  ASSERT_TRUE(document) << render(document.error());
  Reader r(*document);
  EXPECT_EQ(r.text("name"), "chat");
  EXPECT_EQ(r.integer("users"), 1000000);
  EXPECT_EQ(r.integer("layers"), 32);
  EXPECT_EQ(r.number("ratio", share), 0.25);
  EXPECT_TRUE(r.boolean("on"));
  EXPECT_DOUBLE_EQ(r.quantity<Seconds>("ttft").value(), 0.5);
  EXPECT_EQ(r.texts("words"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(r.texts("word"), (std::vector<std::string>{"c"}));
  EXPECT_EQ(r.numbers("numbers"), (std::vector<double>{1.0, 2.5}));
  EXPECT_EQ(r.integers("counts"), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(r.choice("mode", std::array<std::string_view, 2>{"slow", "fast"}, 0), 1u);
  EXPECT_EQ(r.choice("absent", std::array<std::string_view, 2>{"slow", "fast"}, 0), 0u);
  EXPECT_EQ(r.table("gpu").quantity<Bytes>("memory"), 80.0 * gigabyte);
  const std::vector<Reader> stages = r.tables("stage");
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(Reader(stages[0]).integer("n"), 1);
  EXPECT_EQ(Reader(stages[1]).integer("n"), 2);
  EXPECT_FALSE(r.text_if("nothing"));
  EXPECT_FALSE(r.number_if("nothing") || r.integer_if("nothing") || r.boolean_if("nothing") || r.table_if("nothing"));
  EXPECT_FALSE(r.quantity_if<Seconds>("nothing"));
  EXPECT_TRUE(r.tables("nothing").empty() && r.texts("nothing").empty() && r.numbers("nothing").empty());
  EXPECT_TRUE(r.has("price"));
  EXPECT_EQ(r.kind("price"), NodeKind::table);
  EXPECT_EQ(r.place("gpu").line, 13);
  EXPECT_EQ(r.table("price").number_if("kind"), 1.0);
  EXPECT_TRUE(r.finish()) << render(r.finish().error());
}

TEST(Reader, UnknownKeysAreRefusedWithTheNearestKnownOne) {
  EXPECT_EQ(
      read_toml("name = \"a\"\n  max_num_seq = 4\n", [](Reader& r) { r.text("name"), r.integer_if("max_num_seqs"); }),
      "s.toml:2:3: unknown key \"max_num_seq\"; expected perhaps \"max_num_seqs\"\n"
      "    max_num_seq = 4\n"
      "    ^\n");
  EXPECT_EQ(read_toml("xyz = 1\n", [](Reader& r) { r.text_if("name"), r.text_if("colour"); }),
            "s.toml:1:1: unknown key \"xyz\"; expected one of colour, name\n  xyz = 1\n  ^\n");
  EXPECT_EQ(read_toml("xyz = 1\n", [](Reader&) {}),
            "s.toml:1:1: unknown key \"xyz\"; expected no keys here\n  xyz = 1\n  ^\n");
}

TEST(Reader, UnknownKeysAreFoundInNestedTablesAndInArraysOfTables) {
  const Reading reading = [](Reader& r) {
    Reader engine = r.table("engine");
    engine.table_if("cache").value_or(engine).integer_if("blocks");
    for (Reader& stage : r.tables("stage")) stage.integer_if("n");
  };
  EXPECT_EQ(read_toml("[engine.cache]\nblokcs = 1\n", reading),
            "s.toml:2:1: unknown key \"blokcs\"; expected perhaps \"blocks\"\n  blokcs = 1\n  ^\n");
  EXPECT_EQ(read_toml("[engine]\n[[stage]]\nn = 1\n[[stage]]\nm1 = 2\n", reading),
            "s.toml:5:1: unknown key \"m1\"; expected one of n\n  m1 = 2\n  ^\n");
}

TEST(Reader, WhatIsAllowedIsNotLookedInto) {
  EXPECT_EQ(read_toml("[notes]\nanything = 1\n", [](Reader& r) { r.allow("notes"); }), "no error");
  EXPECT_EQ(read_toml("a = 1\n", [](Reader& r) { EXPECT_TRUE(r.first_error()); }),
            "s.toml:1:1: unknown key \"a\"; expected no keys here\n  a = 1\n  ^\n");
}

TEST(Reader, MissingKeysAreNamedAtTheirTable) {
  EXPECT_EQ(read_toml("[gpu]\nmemory = \"80 GB\"\n",
                      [](Reader& r) {
                        Reader gpu = r.table("gpu");
                        gpu.quantity<Bytes>("memory"), gpu.text("name");
                      }),
            "s.toml:1:1: \"name\" is missing; expected name = ...\n  [gpu]\n  ^\n");
  EXPECT_EQ(read_toml("nmae = 1\n", [](Reader& r) { r.text("name"); }),
            "s.toml:1:1: \"name\" is missing; expected name = ... (line 1 has \"nmae\")\n  nmae = 1\n  ^\n");
  EXPECT_EQ(read_toml("", [](Reader& r) { r.text("name"); }), "s.toml:1:1: \"name\" is missing; expected name = ...\n");
  EXPECT_EQ(read_json("{}", [](Reader& r) { r.integer("hidden_size"); }),
            "c.json:1:1: \"hidden_size\" is missing; expected \"hidden_size\": ...\n  {}\n  ^\n");
  EXPECT_EQ(read_json("{\"n\": null}", [](Reader& r) { r.integer("n"); }),
            "c.json:1:7: \"n\" is null; expected a value\n  {\"n\": null}\n        ^\n");
  EXPECT_EQ(read_json("{\"n\": null}", [](Reader& r) { EXPECT_FALSE(r.integer_if("n")); }), "no error");
}

TEST(Reader, AnErrorOfAnyKindIsSaidWithTheValue) {
  struct Row {
    std::string text;
    Reading reading;
    std::string error;
  };
  const auto integer = [](Reader& r) { r.integer("n", from_one); };
  const auto number = [](Reader& r) { r.number("n", share); };
  const auto time = [](Reader& r) { r.quantity<Seconds>("n"); };
  const std::vector<Row> table{
      {"n = 5", [](Reader& r) { r.text("n"); },
       "s.toml:1:5: \"n\" is an integer; expected a string\n  n = 5\n      ^\n"},
      {"n = \"5\"", integer, "s.toml:1:5: \"n\" is a string; expected an integer\n  n = \"5\"\n      ^\n"},
      {"n = 5.5", integer, "s.toml:1:5: \"n\" is 5.5; expected an integer\n  n = 5.5\n      ^\n"},
      {"n = nan", integer, "s.toml:1:5: \"n\" is nan; expected an integer\n  n = nan\n      ^\n"},
      {"n = 1e300", integer, "s.toml:1:5: \"n\" is 1e+300; expected an integer\n  n = 1e300\n      ^\n"},
      {"n = -3", integer, "s.toml:1:5: \"n\" is -3; expected at least 1\n  n = -3\n      ^\n"},
      {"n = 9007199254740993", [](Reader& r) { r.integer("n", Range{0.0, 8.0}); },
       "s.toml:1:5: \"n\" is 9007199254740993; expected at least 0 and at most 8\n  n = 9007199254740993\n      ^\n"},
      {"n = true", number, "s.toml:1:5: \"n\" is a boolean; expected a number\n  n = true\n      ^\n"},
      {"n = 1.5", number, "s.toml:1:5: \"n\" is 1.5; expected at least 0 and at most 1\n  n = 1.5\n      ^\n"},
      {"n = nan", number,
       "s.toml:1:5: \"n\" is nan; expected a finite number at least 0 and at most 1\n  n = nan\n      ^\n"},
      {"n = inf", [](Reader& r) { r.number("n"); },
       "s.toml:1:5: \"n\" is inf; expected a finite number\n  n = inf\n      ^\n"},
      {"n = 0", [](Reader& r) { r.number("n", positive); },
       "s.toml:1:5: \"n\" is 0; expected above 0\n  n = 0\n      ^\n"},
      {"n = 2", [](Reader& r) { r.number("n", Range{-INFINITY, 1.0}); },
       "s.toml:1:5: \"n\" is 2; expected at most 1\n  n = 2\n      ^\n"},
      {"n = [1, -2]", [](Reader& r) { r.numbers("n", not_negative); },
       "s.toml:1:9: \"n\" is -2; expected at least 0\n  n = [1, -2]\n          ^\n"},
      {"n = [1, 2.5]", [](Reader& r) { r.integers("n"); },
       "s.toml:1:9: \"n\" is 2.5; expected an integer\n  n = [1, 2.5]\n          ^\n"},
      {"n = [1]", [](Reader& r) { r.texts("n"); },
       "s.toml:1:6: \"n\" is an integer; expected a string or a list of strings\n  n = [1]\n       ^\n"},
      {"n = 500", time,
       "s.toml:1:5: \"n\" is an integer; expected a string with a unit such as \"500 ms\"\n  n = 500\n      ^\n"},
      {"n = \"500 GB\"", time,
       "s.toml:1:5: n: \"500 GB\" has the wrong unit; expected a quantity such as \"500 ms\"\n  n = \"500 GB\"\n      "
       "^\n"},
      {"n = \"500 msec\"", time,
       "s.toml:1:5: n: unknown unit \"msec\" in \"500 msec\"; expected a quantity such as \"500 ms\"\n  n = \"500 "
       "msec\"\n      ^\n"},
      {"n = \"-5 ms\"", time, "s.toml:1:5: \"n\" is \"-5 ms\"; expected at least 0\n  n = \"-5 ms\"\n      ^\n"},
      {"n = \"2 h\"", [](Reader& r) { r.quantity<Seconds>("n", Range{0.5, 3600.0}); },
       "s.toml:1:5: \"n\" is \"2 h\"; expected at least 0.5 s and at most 3600 s\n  n = \"2 h\"\n      ^\n"},
      {"n = 1", [](Reader& r) { r.boolean("n"); },
       "s.toml:1:5: \"n\" is an integer; expected true or false\n  n = 1\n      ^\n"},
      {"n = 1", [](Reader& r) { r.table("n").text("x"); },
       "s.toml:1:5: \"n\" is an integer; expected a table\n  n = 1\n      ^\n"},
      {"n = [{}, 1]", [](Reader& r) { r.tables("n"); },
       "s.toml:1:10: \"n\" is an integer; expected a list of tables\n  n = [{}, 1]\n           ^\n"},
      {"n = \"fats\"", [](Reader& r) { r.choice("n", std::array<std::string_view, 2>{"slow", "fast"}, 0); },
       "s.toml:1:5: \"n\" is \"fats\"; expected one of slow, fast\n  n = \"fats\"\n      ^\n"},
      {"n = 1", [](Reader& r) { r.named_tables(); },
       "s.toml:1:5: \"n\" is an integer; expected a table\n  n = 1\n      ^\n"},
      {"n = 1", [](Reader& r) { r.integer("n"), r.reject("n", "\"n\" does not suit \"m\"", "2"); },
       "s.toml:1:5: \"n\" does not suit \"m\"; expected 2\n  n = 1\n      ^\n"},
  };
  for (const Row& row : table) EXPECT_EQ(read_toml(row.text, row.reading), row.error) << row.text;
}

TEST(Reader, TheFirstErrorStays) {
  EXPECT_EQ(read_toml("a = 1\nb = 2\nc = 3\n",
                      [](Reader& r) {
                        EXPECT_TRUE(r.ok());
                        EXPECT_EQ(r.integer("a"), 1);
                        EXPECT_EQ(r.text("b"), "");
                        EXPECT_FALSE(r.ok());
                        EXPECT_EQ(r.text("c"), "");
                        r.text("d"), r.reject("a", "again");
                      }),
            "s.toml:2:5: \"b\" is an integer; expected a string\n  b = 2\n      ^\n");
}

TEST(Reader, ARootThatIsNoTableIsAnError) {
  EXPECT_EQ(read_json("[1]", [](Reader& r) { r.text_if("n"); }),
            "c.json:1:1: the text is an array; expected a table of keys and values\n  [1]\n  ^\n");
}

TEST(Reader, NamedTablesKeepTheOrderOfTheText) {
  EXPECT_EQ(read_toml("[zeta]\nn = 1\n[alpha]\nn = 2\n",
                      [](Reader& r) {
                        auto tables = r.named_tables();
                        ASSERT_EQ(tables.size(), 2u);
                        EXPECT_EQ(tables[0].first, "zeta");
                        EXPECT_EQ(tables[1].second.integer("n"), 2);
                        EXPECT_EQ(tables[0].second.keys(), std::vector<std::string>{"n"});
                        tables[0].second.allow("n");
                      }),
            "no error");
}

TEST(Reader, OutlivesItsDocument) {
  std::unique_ptr<Reader> reader;
  {
    const auto document = Document::parse_toml("n = 7\n", "s.toml");
    ASSERT_TRUE(document);
    reader = std::make_unique<Reader>(*document);
  }
  EXPECT_EQ(reader->integer("n"), 7);
}

}  // namespace
}  // namespace plumb

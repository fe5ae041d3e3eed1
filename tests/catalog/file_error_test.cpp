// What does a file that is wrong say, and where? The texts are part of the user's interface.

#include <cmath>
#include <ostream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "catalog/accelerator_file.h"
#include "catalog/class_file.h"
#include "catalog/link_file.h"
#include "catalog/memory_file.h"
#include "catalog_text.h"

namespace plumb::catalog {
namespace {

TEST(AcceleratorFile, ReadsACompleteFile) { EXPECT_EQ(accelerator_error(std::string(card_text)), ""); }

struct WrongFile {
  const char* name;
  const char* from;
  const char* to;
  const char* error;
};

constexpr WrongFile faults[] = {
    {"UnknownKey", "class = \"gpu\"", "class = \"gpu\"\nproces = \"N4\"",
     "card.toml:4:1: unknown key \"proces\"; expected perhaps \"process\""},
    {"MisspeltKey",
     "vendor =", "vendour =", "card.toml:1:1: \"vendor\" is missing; expected vendor = ... (line 2 has \"vendour\")"},
    {"WrongUnit", "\"100 TFLOP/s\"", "\"100 GB/s\"",
     "card.toml:7:18: value: \"100 GB/s\" has the wrong unit; expected a quantity such as \"989.4 TFLOP/s\""},
    {"NoUnit", "\"100 TFLOP/s\"", "100",
     "card.toml:7:18: \"value\" is an integer; expected a string with a unit such as \"989.4 TFLOP/s\""},
    {"UnknownSource", "TFLOP/s\", source = \"sheet\"", "TFLOP/s\", source = \"shed\"",
     "card.toml:7:42: unknown source \"shed\"; expected perhaps \"sheet\""},
    {"NoSource", "TFLOP/s\", source = \"sheet\"", "TFLOP/s\"",
     "card.toml:7:8: a figure without a source; expected source = \"...\""},
    {"PlainValue", "{ value = \"100 TFLOP/s\", source = \"sheet\" }", "\"100 TFLOP/s\"",
     "card.toml:7:8: \"bf16\" has no source; expected bf16 = { value = ..., source = \"...\" }"},
    {"EmptySource", "\"Test data sheet\"", "\"\"",
     "card.toml:5:9: source \"sheet\" is empty; expected the publication"},
    {"ReservedSource", "sheet = \"Test", "unsourced = \"Test",
     "card.toml:5:13: \"unsourced\" is a reserved word; expected another key of [sources]"},
    {"NoLink", "[link]\nname = \"nvlink4\"\n", "", "card.toml:1:1: \"link\" is missing; expected link = ..."},
    {"NoLinkName", "name = \"nvlink4\"\n", "", "card.toml:11:1: \"name\" is missing; expected name = ..."},
    {"UnknownFormat", "bf16 =", "bf61 =", "card.toml:7:8: unknown number format \"bf61\"; expected perhaps \"bf16\""},
    {"FarFormat", "bf16 =", "posit =",
     "card.toml:7:9: unknown number format \"posit\"; expected one of fp32, tf32, bf16, fp16, fp8, int8, fp4, int4"},
    {"Negative", "\"80 GiB\"", "\"-80 GiB\"", "card.toml:10:22: \"value\" is \"-80 GiB\"; expected above 0"},
    {"Zero", "\"80 GiB\"", "\"0 GiB\"", "card.toml:10:22: \"value\" is \"0 GiB\"; expected above 0"},
    {"PriceKind", "kind = \"rent\"", "kind = \"lease\"",
     "card.toml:14:8: \"kind\" is \"lease\"; expected one of purchase, rent"},
    {"NoPriceKind", "kind = \"rent\"\n", "",
     "card.toml:13:1: \"kind\" is missing; expected kind = \"purchase\" or kind = \"rent\""},
    {"PriceOfTheOtherKind", "\"$2/h\"", "\"$2\"",
     "card.toml:15:9: value: \"$2\" has the wrong unit; expected a quantity such as \"$2.35/h\""},
    {"PriceBand", "\"$2/h\"", "\"$2/h\"\nlow = \"$3/h\"",
     "card.toml:16:7: \"low\" is above the value; expected at most the value"},
    {"PriceDate", "\"$2/h\"", "\"$2/h\"\ndate = \"Q3 2025\"",
     "card.toml:16:8: \"date\" is \"Q3 2025\"; expected a date such as \"2026\", \"2026-03\" or \"2026-03-31\", or "
     "\"undated\""},
    {"Month", "\"$2/h\"", "\"$2/h\"\ndate = \"2025-13\"",
     "card.toml:16:8: \"date\" is \"2025-13\"; expected a date such as \"2026\", \"2026-03\" or \"2026-03-31\", or "
     "\"undated\""},
    {"Domain", "name = \"nvlink4\"", "name = \"nvlink4\"\ndomain = 0",
     "card.toml:13:10: \"domain\" is 0; expected at least 1 and at most 1000000"},
    {"Year", "class = \"gpu\"", "class = \"gpu\"\nyear = 22",
     "card.toml:4:8: \"year\" is 22; expected at least 1950 and at most 2100"},
    {"UnknownFamilyInMemory", "[link]", "[pim]\nfamilies = [\"gemv\"]\n[link]",
     "card.toml:12:12: \"gemv\" is no family that memory computes; expected some of \"linear\", \"expert\", "
     "\"attention\", or none"},
    {"UnknownKeyOfPim", "[link]", "[pim]\nstack = 5\n[link]",
     "card.toml:12:1: unknown key \"stack\"; expected perhaps \"stacks\""},
    {"KeyOfAFigure", "GiB\", source = \"sheet\" }", "GiB\", source = \"sheet\", confidence = 0.9 }",
     "card.toml:10:50: unknown key \"confidence\"; expected one of assumed, note, source, value"},
};

void PrintTo(const WrongFile& file, std::ostream* out) { *out << file.name; }

class WrongFileTest : public testing::TestWithParam<WrongFile> {};

TEST_P(WrongFileTest, IsNamedWithItsPlace) {
  EXPECT_EQ(accelerator_error(changed(card_text, GetParam().from, GetParam().to)), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(AcceleratorFile, WrongFileTest, testing::ValuesIn(faults),
                         [](const auto& fault_info) { return std::string(fault_info.param.name); });

TEST(AcceleratorFile, JoinsSeveralSources) {
  std::string text = changed(card_text, "TFLOP/s\", source = \"sheet\"", "TFLOP/s\", source = [\"sheet\", \"other\"]");
  text = changed(text, "[compute]", "other = \"Another sheet\"\n[compute]");
  const auto document = Document::parse_toml(text, "card.toml");
  ASSERT_TRUE(document);
  const auto accelerator = read_accelerator(*document, "card");
  ASSERT_TRUE(accelerator) << one_line(accelerator.error());
  const Figure<FlopsPerSecond>& figure = accelerator->compute.at(NumberFormat::bf16);
  EXPECT_EQ(figure.source, "Test data sheet; Another sheet");
  EXPECT_EQ(figure.evidence, Evidence::datasheet);
  EXPECT_EQ(figure.place.line, 8);
}

template <class Thing>
std::string error_of(Result<Thing> (*read)(const Document&, std::string), const std::string& text) {
  const auto document = Document::parse_toml(text, "file.toml");
  if (!document) return one_line(document.error());
  const auto thing = read(*document, "file");
  return thing ? "" : one_line(thing.error());
}

TEST(MemoryFile, ReadsThePremiumOfUnits) {
  const std::string text =
      "title = \"M\"\n[price_premium]\nstack = { value = 1.5, source = \"unsourced\" }\nlow = 1.2\nhigh = 1.8\n";
  const auto memory = read_memory(*Document::parse_toml(text, "file.toml"), "m");
  ASSERT_TRUE(memory) << one_line(memory.error());
  ASSERT_TRUE(memory->price_premium);
  EXPECT_EQ(memory->price_premium->figure.value, 1.5);
  EXPECT_EQ(memory->price_premium->low, 1.2);
  EXPECT_EQ(memory->price_premium->high, 1.8);
}

TEST(MemoryFile, RefusesAPremiumOutsideOfItsBand) {
  EXPECT_EQ(error_of(read_memory,
                     "title = \"M\"\n[price_premium]\nstack = { value = 1.5, source = \"unsourced\" }\nlow = 1.6\n"),
            "file.toml:3:9: the figure is outside of its band; expected low <= stack <= high");
  EXPECT_EQ(error_of(read_memory, "title = \"M\"\n[price_premium]\nstack = { value = 0.9, source = \"unsourced\" }\n"),
            "file.toml:3:19: \"value\" is 0.9; expected at least 1");
}

TEST(AcceleratorFile, ReadsWhatMemoryComputes) {
  const std::string text = changed(card_text, "[link]",
                                   "[pim]\nmemory = \"hbm3-pim\"\nstacks = { value = 40, source = \"sheet\" }\n"
                                   "families = [\"attention\"]\n"
                                   "bandwidth = { value = \"600 GB/s\", source = \"sheet\" }\n[link]");
  const auto card = read_accelerator(*Document::parse_toml(text, "card.toml"), "card");
  ASSERT_TRUE(card) << one_line(card.error());
  ASSERT_TRUE(card->pim);
  EXPECT_EQ(card->pim->memory, "hbm3-pim");
  EXPECT_EQ(card->pim->stacks->value, 40.0);
  EXPECT_TRUE(card->pim->attention);
  EXPECT_FALSE(card->pim->linear || card->pim->expert);
  EXPECT_EQ(card->pim->bandwidth->value.value(), 600e9);
}

TEST(LinkFile, RefusesAShareAboveOne) {
  EXPECT_EQ(error_of(read_link, "title = \"L\"\nefficiency = { value = 1.2, source = \"unsourced\" }\n"),
            "file.toml:2:24: \"value\" is 1.2; expected above 0 and at most 1");
}

TEST(LinkFile, NeedsNoFigure) { EXPECT_EQ(error_of(read_link, "title = \"L\"\n"), ""); }

TEST(ClassFile, NeedsEveryParameter) {
  EXPECT_EQ(error_of(read_class, "title = \"C\"\ngemm = { value = 0.7, source = \"unsourced\" }\n"),
            "file.toml:1:1: \"attention\" is missing; expected attention = ...");
}

TEST(MemoryFile, ReadsPinRatesAsBitsPerSecond) {
  const std::string text =
      "title = \"M\"\n[package]\npin_rate = { value = \"6.4 Gbit/s\", source = \"unsourced\" }\n"
      "energy = { value = \"4 pJ/bit\", source = \"unsourced\" }\n";
  const auto document = Document::parse_toml(text, "file.toml");
  const auto memory = read_memory(*document, "m");
  ASSERT_TRUE(memory) << one_line(memory.error());
  EXPECT_DOUBLE_EQ(memory->pin_rate_gbit_s->value, 6.4);
  EXPECT_DOUBLE_EQ(memory->energy->value.value(), 32e-12);
  EXPECT_FALSE(memory->bandwidth);
  EXPECT_EQ(error_of(read_memory, changed(text, "Gbit/s", "Gbit")),
            "file.toml:3:22: value: \"6.4 Gbit\" has the wrong unit; expected a quantity such as \"3350 GB/s\"");
}

/// Law: whatever positive figure is written is the figure that is read; whatever is not positive is refused.
RC_GTEST_PROP(AcceleratorFileLaw, FiguresAreReadAsWritten, ()) {
  const int exponent = *rc::gen::inRange(-9, 10);
  const int digits = *rc::gen::inRange(-999999, 1000000);
  const double written = digits * std::pow(10.0, exponent);
  const std::string text = changed(card_text, "\"80 GiB\"", fmt::format("\"{} B\"", written));
  const auto document = Document::parse_toml(text, "card.toml");
  RC_ASSERT(document.has_value());
  const auto accelerator = read_accelerator(*document, "card");
  RC_ASSERT(accelerator.has_value() == (written > 0.0));
  if (accelerator) RC_ASSERT(accelerator->memory_capacity->value.value() == written);
}

/// Law: cutting a figure out of a file makes it unknown and changes no other.
RC_GTEST_PROP(AcceleratorFileLaw, AnAbsentFigureIsUnknown, (bool compute, bool capacity, bool price)) {
  std::string text(card_text);
  if (!compute) text = changed(text, "bf16 = { value = \"100 TFLOP/s\", source = \"sheet\" }\n", "");
  if (!capacity) text = changed(text, "capacity = { value = \"80 GiB\", source = \"sheet\" }\n", "");
  if (!price) text = changed(text, "[[price]]\nkind = \"rent\"\nvalue = \"$2/h\"\nsource = \"sheet\"\n", "");
  const auto document = Document::parse_toml(text, "card.toml");
  const auto accelerator = read_accelerator(*document, "card");
  RC_ASSERT(accelerator.has_value());
  RC_ASSERT(accelerator->compute.size() == (compute ? 1u : 0u));
  RC_ASSERT(accelerator->memory_capacity.has_value() == capacity);
  RC_ASSERT(accelerator->rent.size() == (price ? 1u : 0u));
  RC_ASSERT(!accelerator->memory_bandwidth && !accelerator->power && !accelerator->link_bandwidth);
}

}  // namespace
}  // namespace plumb::catalog

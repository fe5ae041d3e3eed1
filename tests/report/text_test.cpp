// unit and law: texts of any bytes come out printable, well formed, and as wide as they are said to be.

#include "report/text.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/utf8.h"

namespace plumb::report {
namespace {

TEST(Text, DisplayWidth) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("한국어"), 6u);
  EXPECT_EQ(display_width("\u1112\u1161\u11ab"), 2u) << "decomposed Hangul, as macOS writes file names";
  EXPECT_EQ(display_width("e\u0301"), 1u) << "a combining accent";
  EXPECT_EQ(display_width("µs"), 2u);
  EXPECT_EQ(display_width("東京"), 4u);
  EXPECT_EQ(display_width("\xff"), 1u) << "shown as U+FFFD";
}

TEST(Text, InvalidBytesAreReplaced) {
  EXPECT_EQ(valid_utf8("a\xffz"), "a\uFFFDz");
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(valid_utf8("\xc0\xaf"), "\uFFFD\uFFFD") << "an overlong slash";
  EXPECT_EQ(valid_utf8("한\xed\x95"), "한\uFFFD\uFFFD") << "truncated";
}

TEST(Text, PrintableHasNoControlCharacters) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\td\x7f"), "a [31mb c d ");
  EXPECT_EQ(printable("\u009b2J"), " 2J") << "the one-character form of the escape";
}

TEST(Text, Markup) {
  EXPECT_EQ(escape_markup("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  EXPECT_EQ(escape_markup(std::string_view("\0\x01\n", 3)), "\uFFFD\uFFFD\n");
}

TEST(Text, Wrap) {
  EXPECT_EQ(wrap("one two three", 7), "one two\nthree");
  EXPECT_EQ(wrap("one two", 7, "  "), "  one two");
  EXPECT_EQ(wrap("  한국어   메모리 ", 7), "한국어\n메모리");
  EXPECT_EQ(wrap("incomprehensible", 4), "incomprehensible");
  EXPECT_EQ(wrap("", 10), "");
}

TEST(Text, Shorten) {
  EXPECT_EQ(shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(shorten("abcdefg", 6), "abcde…");
  EXPECT_EQ(shorten("한국어", 5), "한국…");
  EXPECT_EQ(shorten("한국어", 4), "한…");
}

RC_GTEST_PROP(TextLaw, AnyBytesBecomeWellFormedAndStaySo, (const std::string& bytes)) {
  for (const std::string& text : {valid_utf8(bytes), printable(bytes), escape_markup(bytes)}) {
    RC_ASSERT(utf8_valid_until(text) == text.size());
    RC_ASSERT(valid_utf8(text) == text);
  }
}

RC_GTEST_PROP(TextLaw, ShortenedTextFits, (const std::string& bytes)) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 20);
  RC_ASSERT(display_width(shorten(printable(bytes), columns)) <= columns);
}

}  // namespace
}  // namespace plumb::report

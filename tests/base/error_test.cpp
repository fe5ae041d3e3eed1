// Does an error say where, what and what instead, in one line, whatever the input held?

#include "base/error.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/utf8.h"

namespace plumb {
namespace {

Error with_excerpt(int column, std::string excerpt) {
  Error error = input_error({"a.toml", 3, column}, "wrong");
  error.excerpt = std::move(excerpt);
  return error;
}

TEST(Error, OneLineLeavesOutWhatIsNotKnown) {
  EXPECT_EQ(one_line(input_error({"a.toml", 3, 7}, "wrong", "right")), "a.toml:3:7: wrong; expected right");
  EXPECT_EQ(one_line(input_error({"a.toml", 3, 0}, "wrong")), "a.toml:3: wrong");
  EXPECT_EQ(one_line(input_error({"a.toml", 0, 7}, "wrong")), "a.toml: wrong");
  EXPECT_EQ(one_line(unmet_error("no fleet meets it", "more time")), "no fleet meets it; expected more time");
}

TEST(Error, ExitStatusIsWhoHasToAct) {
  EXPECT_EQ(exit_status(unmet_error("x").fault), 1);
  EXPECT_EQ(exit_status(input_error({}, "x").fault), 2);
  EXPECT_EQ(exit_status(machine_error({}, "x").fault), 3);
}

TEST(Error, ControlCharactersAndStrayBytesAreShownAsEscapes) {
  EXPECT_EQ(one_line(input_error({"a\n.toml", 1, 1}, "is \"\x1b[31m\t\x7f\xff\"")),
            "a\\n.toml:1:1: is \"\\x1b[31m\\t\\x7f\\xff\"");
  EXPECT_EQ(one_line(input_error({}, "caf\u00e9 \uac00 \u0085")), "caf\u00e9 \uac00 \\xc2\\x85");
}

TEST(Error, RenderPutsTheCaretUnderTheColumn) {
  EXPECT_EQ(render(with_excerpt(8, "ttft = 5")), "a.toml:3:8: wrong\n  ttft = 5\n         ^\n");
  EXPECT_EQ(render(with_excerpt(1, "ttft = 5")), "a.toml:3:1: wrong\n  ttft = 5\n  ^\n");
  EXPECT_EQ(render(with_excerpt(99, "ttft")), "a.toml:3:99: wrong\n  ttft\n      ^\n");
  EXPECT_EQ(render(with_excerpt(0, "ttft")), "a.toml:3: wrong\n");
  EXPECT_EQ(render(with_excerpt(3, "")), "a.toml:3:3: wrong\n");
}

TEST(Error, TheCaretCountsCharactersAndKeepsTabs) {
  EXPECT_EQ(render(with_excerpt(6, "\t\u00e9\u00e9 = 5")), "a.toml:3:6: wrong\n  \t\u00e9\u00e9 = 5\n  \t    ^\n");
  EXPECT_EQ(render(with_excerpt(3,
                                "a\xff\x1b"
                                "b")),
            "a.toml:3:3: wrong\n  a??b\n    ^\n");
}

TEST(Error, OfALongLineThePartAroundTheColumnIsShown) {
  std::string line(1000, '.');
  line[499] = 'X';
  const std::string text = render(with_excerpt(500, line));
  EXPECT_EQ(text, "a.toml:3:500: wrong\n  ..." + std::string(60, '.') + "X" + std::string(99, '.') + "...\n" +
                      std::string(65, ' ') + "^\n");
}

TEST(Error, InQuotesCutsWhatIsLong) {
  EXPECT_EQ(in_quotes("GB/s"), "\"GB/s\"");
  EXPECT_EQ(in_quotes(std::string(60, 'x')), "\"" + std::string(60, 'x') + "\"");
  EXPECT_EQ(in_quotes(std::string(61, 'x')), "\"" + std::string(60, 'x') + "...\"");
}

TEST(EditDistance, Examples) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

RC_GTEST_PROP(EditDistanceLaw, IsADistance, (const std::string& a, const std::string& b, const std::string& c)) {
  RC_ASSERT((edit_distance(a, b) == 0) == (a == b));
  RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
  RC_ASSERT(edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c));
}

TEST(NearestWord, SuggestsOnlyWhatMayBeMeant) {
  const std::vector<std::string> words{"max_num_seqs", "name", "tp"};
  EXPECT_EQ(nearest_word("max_num_seq", words), "max_num_seqs");
  EXPECT_EQ(nearest_word("nmae", words), "name");
  EXPECT_EQ(nearest_word("pp", words), "tp");
  EXPECT_EQ(nearest_word("x", words), "");
  EXPECT_EQ(nearest_word("throughput", words), "");
  EXPECT_EQ(nearest_word("", words), "");
  EXPECT_EQ(nearest_word(std::string(1 << 20, 'a'), words), "");
}

// RapidCheck's strings are arbitrary bytes.
RC_GTEST_PROP(ErrorLaw, OneLineIsOneLineOfUtf8, (const std::string& file, const std::string& message)) {
  const std::string line = one_line(input_error({file, 1, 1}, message, message));
  RC_ASSERT(line.find('\n') == std::string::npos);
  RC_ASSERT(utf8_valid_until(line) == line.size());
}

TEST(Utf8, KnowsWellFormedFromIllFormed) {
  EXPECT_EQ(utf8_length("a"), 1u);
  EXPECT_EQ(utf8_length("\u00e9"), 2u);
  EXPECT_EQ(utf8_length("\uac00"), 3u);
  EXPECT_EQ(utf8_length("\U0001f600"), 4u);
  // A lone continuation, overlong forms, a surrogate, above U+10FFFF, cut short.
  for (const char* bad : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xf5", "\xe2\x82", "\xff", ""}) {
    EXPECT_EQ(utf8_length(bad), 0u) << bad;
  }
  EXPECT_EQ(utf8_valid_until("ab\xff"
                             "c"),
            2u);
}

}  // namespace
}  // namespace plumb

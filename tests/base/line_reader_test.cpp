// Are lines the lines of the text, however it is stored, and is damage found where it is?

#include "base/line_reader.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/resource.h>
#include <zlib.h>
#include <zstd.h>

#include "support/sanitizers.h"
#include "temporary_folder.h"

namespace plumb {
namespace {

std::string gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  std::string input(text);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

struct Lines {
  std::vector<std::string> lines;
  std::string error;
};

Lines lines_of(const std::string& path, std::size_t line_bytes_max = 1 << 20) {
  Lines result;
  Result<LineReader> reader = LineReader::open(path, line_bytes_max);
  if (!reader) return {{}, one_line(reader.error())};
  for (std::string_view line;;) {
    const Result<bool> more = reader->next(line);
    if (!more) {
      result.error = one_line(more.error());
      const Result<bool> again = reader->next(line);
      EXPECT_TRUE(!again && one_line(again.error()) == result.error) << "the error must stay";
      return result;
    }
    if (!*more) break;
    result.lines.emplace_back(line);
    EXPECT_EQ(reader->line_number(), static_cast<std::int64_t>(result.lines.size()));
  }
  std::string_view line;
  EXPECT_FALSE(reader->next(line).value());
  return result;
}

/// What the lines of a text are by definition.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Many lines of many lengths, several buffers long, that hardly compress.
std::string long_text() {
  std::string text;
  unsigned state = 1;
  for (int i = 0; i < 30000; ++i) {
    const unsigned length =
        i % 1000 == 0 ? 300000 / (static_cast<unsigned>(i) / 1000 + 1) : static_cast<unsigned>(i) % 60;
    for (unsigned k = 0; k < length; ++k)
      text += static_cast<char>('!' + (state = state * 1664525 + 1013904223) / 50000000 % 90);
    text += i % 3 == 0 ? "\r\n" : "\n";
  }
  return text;
}

using Strings = std::vector<std::string>;

TEST(LineReader, SplitsPlainText) {
  const TemporaryFolder folder;
  EXPECT_EQ(lines_of(folder.write("a", "one\ntwo\n")).lines, (Strings{"one", "two"}));
  EXPECT_EQ(lines_of(folder.write("b", "one\r\ntwo\r\n")).lines, (Strings{"one", "two"}));
  EXPECT_EQ(lines_of(folder.write("c", "one\ntwo")).lines, (Strings{"one", "two"}));
  EXPECT_EQ(lines_of(folder.write("d", "\n\n\r\nx\r")).lines, (Strings{"", "", "", "x\r"}));
  EXPECT_EQ(lines_of(folder.write("e", "")).lines, Strings{});
  EXPECT_EQ(lines_of(folder.write("f", "\xef\xbb\xbfone\ntwo")).lines, (Strings{"one", "two"}));
  EXPECT_EQ(lines_of(folder.write("g", "\xef\xbb\xbf")).lines, Strings{});
  EXPECT_EQ(lines_of(folder.write("h", "\xef\xbb\xbf\n")).lines, Strings{""});
  EXPECT_EQ(lines_of(folder.write("i", std::string("a\0b\n", 4))).lines, Strings{std::string("a\0b", 3)});
}

TEST(LineReader, ReadsEveryFormatAlike) {
  const TemporaryFolder folder;
  const std::string text = long_text();
  const std::size_t half = text.size() / 2;
  const std::string first = text.substr(0, half), second = text.substr(half);
  const std::string skippable("\x50\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  const Strings expected = split(text);
  for (const auto& [name, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"plain", text},
           {"gz", gzip(text)},
           {"gz members", gzip(first) + gzip("") + gzip(second)},
           {"gz padding", gzip(text) + std::string(1000, '\0')},
           {"zst", zstd(text)},
           {"zst frames", zstd(first) + zstd("") + skippable + zstd(second)},
           {"zst skippable first", skippable + zstd(text)},
       }) {
    const Lines lines = lines_of(folder.write("f", bytes));
    EXPECT_EQ(lines.error, "") << name;
    EXPECT_TRUE(lines.lines == expected) << name;
  }
}

TEST(LineReader, EmptyCompressedTextsHaveNoLines) {
  const TemporaryFolder folder;
  EXPECT_EQ(lines_of(folder.write("a", gzip(""))).lines, Strings{});
  EXPECT_EQ(lines_of(folder.write("b", zstd(""))).lines, Strings{});
}

// Any cut of a compressed file is found, after the lines that are whole before it.
TEST(LineReader, EveryTruncationIsAnError) {
  const TemporaryFolder folder;
  const std::string text = "first line\nsecond line\nthird line\n";
  for (const auto& [packed, words] : {std::pair{gzip(text), "gzip"}, std::pair{zstd(text), "Zstandard"}}) {
    for (std::size_t size = 4; size < packed.size(); ++size) {
      const std::string path = folder.write("f", packed.substr(0, size));
      const Lines lines = lines_of(path);
      EXPECT_EQ(lines.error, path + ":" + std::to_string(lines.lines.size() + 1) + ": the " + words +
                                 " data ends in the middle; expected a complete file");
      EXPECT_TRUE(lines.lines.size() <= 3 && std::equal(lines.lines.begin(), lines.lines.end(), split(text).begin()));
    }
  }
}

TEST(LineReader, LinesBeforeATruncationAreHandedOut) {
  const TemporaryFolder folder;
  const std::string text = long_text(), packed = gzip(text);
  const Lines lines = lines_of(folder.write("f", packed.substr(0, packed.size() / 2)));
  EXPECT_GT(lines.lines.size(), 1000u);
  EXPECT_NE(lines.error.find(":" + std::to_string(lines.lines.size() + 1) + ": the gzip data ends"), std::string::npos)
      << lines.error;
}

TEST(LineReader, DamageIsAnError) {
  const TemporaryFolder folder;
  const std::string text = long_text();
  for (std::string packed : {gzip(text), zstd(text)}) {
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    packed[packed.size() / 2 + 1] = static_cast<char>(packed[packed.size() / 2 + 1] ^ 0x55);
    // Zstandard without a checksum need not notice; then the text is a different one, but never a crash.
    const Lines lines = lines_of(folder.write("f", packed));
    EXPECT_TRUE(lines.error.find("data is damaged: ") != std::string::npos || lines.lines != split(text))
        << lines.error;
  }
  const std::string garbage = folder.write("g", gzip("a\n") + "garbage");
  EXPECT_EQ(lines_of(garbage).error,
            garbage + ":2: the gzip data is damaged: incorrect header check; expected an undamaged file");
  const std::string trailing = folder.write("h", zstd("a\n") + "garbage");
  EXPECT_EQ(lines_of(trailing).error,
            trailing + ":2: the Zstandard data is damaged: Unknown frame descriptor; expected an undamaged file");
  std::string wrong_sum = gzip("a\n");
  wrong_sum[wrong_sum.size() - 8] = static_cast<char>(wrong_sum[wrong_sum.size() - 8] ^ 1);
  EXPECT_EQ(lines_of(folder.write("i", wrong_sum)).error,
            folder.file("i") + ":2: the gzip data is damaged: incorrect data check; expected an undamaged file");
}

TEST(LineReader, ALineMayBeAsLongAsItsLimitAndNoLonger) {
  const TemporaryFolder folder;
  for (const std::size_t limit : {std::size_t{1}, std::size_t{10}, std::size_t{300000}}) {
    const std::string fits(limit, 'x'), over(limit + 1, 'x');
    for (const char* end : {"\n", "\r\n", ""}) {
      for (const char* mark : {"", "\xef\xbb\xbf"}) {
        EXPECT_EQ(lines_of(folder.write("f", mark + fits + end), limit).lines, Strings{fits}) << limit;
        const std::string path = folder.write("g", "a\n" + over + end);
        EXPECT_EQ(lines_of(path, limit).error,
                  path + ":2: the line is too long; expected at most " + std::to_string(limit) + " bytes");
        EXPECT_FALSE(lines_of(folder.write("h", mark + over + end), limit).error.empty());
      }
    }
  }
}

TEST(LineReader, ALineOfTenGigabytesFailsAtItsLimit) {
  if (address_sanitized()) GTEST_SKIP() << "the sanitizer needs more memory than the limit";
  // 10 GB of one letter as compressed data: a frame of 1 MB repeated. Without its bound the buffer would not fit under
  // the limit on memory that this test sets for itself.
  const TemporaryFolder folder;
  const std::string frame = zstd(std::string(1 << 20, 'x'));
  std::string packed;
  for (int i = 0; i < 10000; ++i) packed += frame;
  const std::string path = folder.write("f", packed);
  Result<LineReader> reader = LineReader::open(path);
  ASSERT_TRUE(reader);
  struct rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_DATA, &before), 0);
  const struct rlimit lower{rlim_t{1} << 30, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_DATA, &lower), 0);
  std::string_view line;
  const Result<bool> more = reader->next(line);
  ASSERT_EQ(setrlimit(RLIMIT_DATA, &before), 0);
  ASSERT_FALSE(more);
  EXPECT_EQ(one_line(more.error()), path + ":1: the line is too long; expected at most 67108864 bytes");
}

TEST(LineReader, RefusesWhatIsNoTextFile) {
  const TemporaryFolder folder;
  const std::string missing = folder.file("none"), utf16 = folder.write("u", std::string("\xff\xfe"
                                                                                         "a\0\n\0",
                                                                                         6));
  EXPECT_EQ(lines_of(missing).error, missing + ": cannot open: No such file or directory");
  EXPECT_EQ(lines_of(folder.file("")).error, folder.file("") + ": is a folder; expected a file");
  EXPECT_EQ(lines_of(utf16).error, utf16 + ":1: the text is UTF-16; expected UTF-8 text");
}

TEST(LineReader, PlacesNameTheLineLastRead) {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", "a\nb\n");
  Result<LineReader> reader = LineReader::open(path);
  ASSERT_TRUE(reader);
  LineReader moved = std::move(*reader);
  EXPECT_EQ(moved.line_number(), 0);
  std::string_view line;
  ASSERT_TRUE(moved.next(line).value() && moved.next(line).value());
  EXPECT_EQ(line, "b");
  EXPECT_EQ(moved.path(), path);
  EXPECT_EQ(moved.place(4).line, 2);
  EXPECT_EQ(moved.place(4).column, 4);
}

RC_GTEST_PROP(LineReaderLaw, LinesAreThoseOfTheDefinition, ()) {
  const TemporaryFolder folder;
  const std::string text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', '\r', '\n'));
  RC_ASSERT(lines_of(folder.write("p", text)).lines == split(text));
  RC_ASSERT(lines_of(folder.write("g", gzip(text))).lines == split(text));
  RC_ASSERT(lines_of(folder.write("z", zstd(text))).lines == split(text));
}

}  // namespace
}  // namespace plumb

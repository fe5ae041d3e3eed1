// Does a file that is written as it comes about appear whole or not at all, and read back to what was written?

#include "base/stream_file.h"

#include <array>
#include <csignal>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/byte_source.h"
#include "file_size_limit.h"
#include "temporary_folder.h"

namespace plumb {
namespace {

using testing::HasSubstr;

/// More than the buffer holds, and not all the same, so that compressed it is more than one piece too.
std::string long_text(std::size_t bytes = 3000000) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i) text += fmt::format("{},{}\n", i, (i * 2654435761u) >> 3);
  return text;
}

std::string decoded(const std::string& path) {
  std::string bytes;
  auto source = ByteSource::open(path).value();
  std::array<char, 5000> buffer;
  while (const std::size_t count = source->read(buffer).value()) bytes.append(buffer.data(), count);
  return bytes;
}

TEST(StreamFile, WritesWhatItIsGiven) {
  const TemporaryFolder folder;
  const std::string text = long_text();
  const std::string path = folder.file("out");
  StreamFile file = StreamFile::create(path).value();
  file.write(std::string_view(text).substr(0, 10));
  file.write("");
  file.write(std::string_view(text).substr(10));
  EXPECT_EQ(file.bytes_written(), text.size());
  ASSERT_TRUE(file.commit());
  EXPECT_EQ(folder.bytes_of(path), text);
  EXPECT_EQ(folder.count(), 1);
}

TEST(StreamFile, IsNotThereBeforeItIsWhole) {
  const TemporaryFolder folder;
  const std::string path = folder.write("out", "old");
  StreamFile file = StreamFile::create(path).value();
  file.write(long_text());
  EXPECT_EQ(folder.bytes_of(path), "old");
  ASSERT_TRUE(file.commit());
  EXPECT_EQ(folder.bytes_of(path), long_text());
  EXPECT_EQ(folder.count(), 1);
}

TEST(StreamFile, WhatIsInterruptedLeavesNothing) {
  const TemporaryFolder folder;
  const std::string path = folder.write("old", "old");
  for (const std::string& name : {std::string("old"), std::string("new"), std::string("new.gz")}) {
    std::optional<StreamFile> file = StreamFile::create(folder.file(name)).value();
    file->write(long_text());
    StreamFile moved = std::move(*file);
    file.reset();
  }
  EXPECT_EQ(folder.bytes_of(path), "old");
  EXPECT_EQ(folder.count(), 1);
}

TEST(StreamFile, IsCompressedAsItsNameSays) {
  const TemporaryFolder folder;
  const std::string text = long_text();
  for (const std::string name : {"out.gz", "out.zst"}) {
    StreamFile file = StreamFile::create(folder.file(name)).value();
    file.write(text);
    ASSERT_TRUE(file.commit());
    EXPECT_LT(folder.bytes_of(folder.file(name)).size(), text.size() * 2 / 3);
    EXPECT_EQ(decoded(folder.file(name)), text);
    StreamFile empty = StreamFile::create(folder.file(name)).value();
    ASSERT_TRUE(empty.commit());
    EXPECT_GT(folder.bytes_of(folder.file(name)).size(), 0u);
    EXPECT_EQ(decoded(folder.file(name)), "");
  }
}

RC_GTEST_PROP(StreamFileLaw, HowTheBytesAreCutDoesNotChangeTheFile, ()) {
  const TemporaryFolder folder;
  const std::string text = long_text(600000);
  const std::string name = *rc::gen::element<std::string>("out", "out.gz", "out.zst");
  StreamFile whole = StreamFile::create(folder.file("whole" + name)).value();
  whole.write(text);
  RC_ASSERT(whole.commit().has_value());
  StreamFile cut = StreamFile::create(folder.file(name)).value();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t count = *rc::gen::inRange<std::size_t>(1, 400000);
    cut.write(std::string_view(text).substr(at, count));
    at += count;
  }
  RC_ASSERT(cut.commit().has_value());
  RC_ASSERT(folder.bytes_of(folder.file(name)) == folder.bytes_of(folder.file("whole" + name)));
}

TEST(StreamFile, AFullDiskIsSeenWhileThereIsMoreToWrite) {
  StreamFile file = StreamFile::create("/dev/full").value();
  file.write("little");
  EXPECT_TRUE(file.status());  // still in the buffer
  file.write(long_text());
  ASSERT_FALSE(file.status());
  const Status status = file.commit();
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()), "/dev/full: cannot write: No space left on device");
  EXPECT_EQ(exit_status(status.error().fault), 3);
}

TEST(StreamFile, AFullDiskIsSeenAtTheEnd) {
  StreamFile file = StreamFile::create("/dev/full").value();
  file.write("little");
  const Status status = file.commit();
  ASSERT_FALSE(status);
  EXPECT_EQ(exit_status(status.error().fault), 3);
}

TEST(StreamFile, ADiskThatFillsUpInTheMiddleLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  for (const std::string name : {"out", "out.gz"}) {
    const std::string path = folder.write(name, "old");
    Status status;
    {
      StreamFile file = StreamFile::create(path).value();
      const FileSizeLimit limit(100000);
      for (int i = 0; i < 20 && file.status(); ++i) file.write(long_text());
      status = file.commit();
    }
    ASSERT_FALSE(status);
    EXPECT_EQ(one_line(status.error()), path + ": cannot write: File too large");
    EXPECT_EQ(exit_status(status.error().fault), 3);
    EXPECT_EQ(folder.bytes_of(path), "old");
  }
  EXPECT_EQ(folder.count(), 2);
}

TEST(StreamFile, AReaderThatGoesAwayIsAnError) {
  const auto previous = std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  StreamFile file = StreamFile::create(fmt::format("/dev/fd/{}", ends[1])).value();
  ::close(ends[0]);
  ::close(ends[1]);
  file.write(long_text());
  const Status status = file.commit();
  std::signal(SIGPIPE, previous);
  ASSERT_FALSE(status);
  EXPECT_THAT(one_line(status.error()), HasSubstr("cannot write: Broken pipe"));
  EXPECT_EQ(exit_status(status.error().fault), 3);
}

TEST(StreamFile, AFolderThatIsNotThereIsAnInputError) {
  const TemporaryFolder folder;
  const auto file = StreamFile::create(folder.file("no/out.gz"));
  ASSERT_FALSE(file);
  EXPECT_EQ(one_line(file.error()), folder.file("no/out.gz") + ": cannot write: No such file or directory");
  EXPECT_EQ(file.error().fault, Fault::input);
}

}  // namespace
}  // namespace plumb

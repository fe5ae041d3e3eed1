// Are files read within bounds, and written whole or not at all?

#include "base/file.h"

#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "file_size_limit.h"
#include "temporary_folder.h"

namespace plumb {
namespace {

TEST(ReadFile, GivesTheBytes) {
  const TemporaryFolder folder;
  const std::string bytes("a\0b\r\n\xff", 6);
  const std::string path = folder.write("f", bytes);
  EXPECT_EQ(read_file(path, 6).value(), bytes);
  EXPECT_EQ(read_file(folder.write("empty", ""), 0).value(), "");
  const std::string large(200000, 'x');
  EXPECT_EQ(read_file(folder.write("large", large), 1 << 20).value(), large);
}

TEST(ReadFile, RefusesWhatIsTooLargeWithoutReadingItAll) {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", "1234567");
  const Result<std::string> bytes = read_file(path, 6);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(one_line(bytes.error()), path + ": the file is too large; expected at most 6 bytes");
  EXPECT_FALSE(read_file("/dev/zero", 1000));  // has no end
}

TEST(ReadFile, AWrongPathIsAnInputError) {
  const TemporaryFolder folder;
  for (const std::string& path : {folder.file("none"), folder.write("f", "") + "/child", folder.file(""), std::string(),
                                  folder.file(std::string("f\0g", 3))}) {
    const Result<std::string> bytes = read_file(path, 100);
    ASSERT_FALSE(bytes) << path;
    EXPECT_EQ(bytes.error().fault, Fault::input) << path;
  }
}

TEST(WriteFile, WritesAndReplaces) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out.json");
  ASSERT_TRUE(write_file(path, "one"));
  EXPECT_EQ(folder.bytes_of(path), "one");
  const std::string large(3000000, 'y');
  ASSERT_TRUE(write_file(path, large));
  EXPECT_EQ(folder.bytes_of(path), large);
  ASSERT_TRUE(write_file(path, ""));
  EXPECT_EQ(folder.bytes_of(path), "");
  EXPECT_EQ(folder.count(), 1);
}

TEST(WriteFile, AReaderOfTheOldFileKeepsTheOldFile) {
  const TemporaryFolder folder;
  const std::string path = folder.write("out", "old");
  std::ifstream reader(path);
  ASSERT_TRUE(write_file(path, "new and longer"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "old");
  EXPECT_EQ(folder.bytes_of(path), "new and longer");
}

TEST(WriteFile, KeepsPermissionsAndLinks) {
  const TemporaryFolder folder;
  const std::string path = folder.write("private", "old");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  std::filesystem::create_symlink("private", folder.file("link"));
  ASSERT_TRUE(write_file(folder.file("link"), "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link")));
  EXPECT_EQ(folder.bytes_of(path), "new");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(folder.count(), 2);
}

TEST(WriteFile, AFolderThatIsNotThereIsAnInputErrorAndLeavesNothing) {
  const TemporaryFolder folder;
  const std::string in_file = folder.write("f", "x") + "/child";
  for (const std::string& path : {folder.file("no/out"), in_file, folder.file(std::string(400, 'n')), std::string()}) {
    const Status status = write_file(path, "bytes");
    ASSERT_FALSE(status) << path;
    EXPECT_EQ(status.error().fault, Fault::input) << path;
  }
  const Status status = write_file(folder.file("no/out"), "bytes");
  EXPECT_EQ(one_line(status.error()), folder.file("no/out") + ": cannot write: No such file or directory");
  EXPECT_EQ(folder.count(), 1);
}

TEST(WriteFile, AFolderIsNotReplaced) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("out"));
  const Status status = write_file(folder.file("out"), "bytes");
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()), folder.file("out") + ": is a folder; expected the name of a file");
  EXPECT_EQ(folder.count(), 1);
}

TEST(WriteFile, ADeviceIsWrittenIntoAndNotReplaced) {
  ASSERT_TRUE(write_file("/dev/null", "bytes"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const Status full = write_file("/dev/full", "bytes");
  ASSERT_FALSE(full);
  EXPECT_EQ(one_line(full.error()), "/dev/full: cannot write: No space left on device");
  EXPECT_EQ(full.error().fault, Fault::machine);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(WriteFile, AWriteThatFailsInItsMiddleLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  const std::string path = folder.write("out", "old");
  Status status;
  {
    const FileSizeLimit limit(1000);
    status = write_file(path, std::string(5000, 'z'));
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()), path + ": cannot write: File too large");
  EXPECT_EQ(status.error().fault, Fault::machine);
  EXPECT_EQ(folder.bytes_of(path), "old");
  EXPECT_EQ(folder.count(), 1);
}

TEST(WriteFile, ATemporaryNameThatIsTakenIsPassedOver) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out");
  const std::string taken = folder.write("out." + std::to_string(::getpid()) + ".0.tmp", "of another");
  ASSERT_TRUE(write_file(path, "mine"));
  EXPECT_EQ(folder.bytes_of(path), "mine");
  EXPECT_EQ(folder.bytes_of(taken), "of another");
}

}  // namespace
}  // namespace plumb

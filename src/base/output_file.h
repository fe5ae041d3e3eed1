#pragma once
// A file being written: to a temporary name beside the target, which commit() renames. Until then, and for good where
// it is not called, a reader sees what was there before, and the destructor removes what was begun. The door to the
// disk that write_file and StreamFile share. Thread rule: one thread.

#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb {

class OutputFile {
 public:
  /// "-" is standard output. A file that is there keeps its permissions, a link goes on pointing where it does, and
  /// what is no regular file (/dev/null, a pipe) is written into instead of replaced.
  [[nodiscard]] static Result<OutputFile> create(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  /// All bytes or an error. A pipe without a reader is one where the process ignores SIGPIPE, as plumb's main() does;
  /// otherwise the signal ends the process.
  [[nodiscard]] Status write(std::string_view bytes);
  /// Gives the file its name. Nothing can be written after it.
  [[nodiscard]] Status commit();

 private:
  OutputFile(std::string path, int descriptor);
  void discard();

  std::string path_;  ///< what messages call the file
  int descriptor_ = -1;
  bool standard_output_ = false;
  std::string temporary_, target_;  ///< empty where the bytes go straight to what is there
};

}  // namespace plumb

#pragma once
// A result of any length, written as it comes about: buffered, compressed where its name ends in ".gz" or ".zst", and
// under a temporary name until commit() (see OutputFile). Memory is two buffers and the encoder's window.
//
//   PLUMB_ASSIGN(StreamFile file, StreamFile::create("steps.csv.gz"));
//   for (...) {
//     file.write(row);
//     if (!file.status()) break;       // a full disk, a closed pipe: no use to go on
//   }
//   PLUMB_TRY(file.commit());          // the first failure of all, or the file has its name
//
// Without commit(), as when the run is interrupted, the destructor leaves nothing and an older file as it was.
// Thread rule: one thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/encoder.h"
#include "base/output_file.h"
#include "base/result.h"

namespace plumb {

class StreamFile {
 public:
  /// "-" is standard output, which is not compressed.
  [[nodiscard]] static Result<StreamFile> create(const std::string& path);

  /// Does nothing after a failure.
  void write(std::string_view bytes);
  /// The first failure. Bytes are on the disk some time after write(), so a failure can show late.
  const Status& status() const { return status_; }
  /// Bytes given to write(), before compression.
  std::uint64_t bytes_written() const { return bytes_written_; }
  /// Writes the rest and gives the file its name. Nothing can be written after it.
  [[nodiscard]] Status commit();

 private:
  StreamFile(OutputFile file, std::unique_ptr<Encoder> encoder);
  void flush(bool last);

  OutputFile file_;
  std::unique_ptr<Encoder> encoder_;
  std::string buffer_, encoded_;
  std::uint64_t bytes_written_ = 0;
  Status status_;
};

}  // namespace plumb

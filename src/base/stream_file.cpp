#include "base/stream_file.h"

#include <algorithm>
#include <utility>

namespace plumb {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10;

}  // namespace

StreamFile::StreamFile(OutputFile file, std::unique_ptr<Encoder> encoder)
    : file_(std::move(file)), encoder_(std::move(encoder)) {
  buffer_.reserve(buffer_bytes);
}

Result<StreamFile> StreamFile::create(const std::string& path) {
  PLUMB_ASSIGN(std::unique_ptr<Encoder> encoder, Encoder::for_path(path));
  PLUMB_ASSIGN(OutputFile file, OutputFile::create(path));
  return StreamFile(std::move(file), std::move(encoder));
}

void StreamFile::write(std::string_view bytes) {
  bytes_written_ += bytes.size();
  // A piece as large as the buffer passes through it too, so that how bytes are cut does not change what is compressed.
  while (!bytes.empty() && status_) {
    const std::size_t count = std::min(bytes.size(), buffer_bytes - buffer_.size());
    buffer_.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    if (buffer_.size() == buffer_bytes) flush(false);
  }
}

Status StreamFile::commit() {
  if (status_) flush(true);
  if (status_) status_ = file_.commit();
  return status_;
}

void StreamFile::flush(bool last) {
  if (encoder_ == nullptr) {
    status_ = file_.write(buffer_);
  } else {
    encoded_.clear();
    status_ = encoder_->encode(buffer_, last, encoded_);
    if (status_) status_ = file_.write(encoded_);
  }
  buffer_.clear();
}

}  // namespace plumb

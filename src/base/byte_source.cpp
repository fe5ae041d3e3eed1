#include "base/byte_source.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include "base/input_file.h"

namespace plumb {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10;

/// The file, or bytes in memory that stand for one, and what was read from it and is not yet used.
class RawFile {
 public:
  explicit RawFile(InputFile file) : name_(file.path()), file_(std::move(file)), buffer_(buffer_bytes) {}
  RawFile(std::string_view bytes, std::string name) : name_(std::move(name)), bytes_(bytes), buffer_(buffer_bytes) {}

  std::string_view unused() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void use(std::size_t count) { begin_ += count; }
  bool ended() const { return ended_; }  ///< nothing is left to refill from

  /// Reads more behind what is unused, which must not fill the buffer.
  Status refill() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    PLUMB_ASSIGN(const std::size_t count, read(std::span(buffer_).subspan(end_)));
    end_ += count;
    return {};
  }

  /// Reads past the buffer.
  Result<std::size_t> read(std::span<char> into) {
    std::size_t count = std::min(bytes_.size(), into.size());
    if (file_) {
      PLUMB_ASSIGN(count, file_->read(into));
    } else if (count > 0) {
      std::memcpy(into.data(), bytes_.data(), count);
      bytes_.remove_prefix(count);
    }
    if (count == 0) ended_ = true;
    return count;
  }

  Error damaged(std::string_view format, std::string_view why) const {
    return input_error({name_, 0, 0}, fmt::format("the {} data is damaged: {}", format, why), "an undamaged file");
  }
  Error truncated(std::string_view format) const {
    return input_error({name_, 0, 0}, fmt::format("the {} data ends in the middle", format), "a complete file");
  }

 private:
  std::string name_;
  std::optional<InputFile> file_;  ///< absent: `bytes_` are read
  std::string_view bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
};

class PlainSource : public ByteSource {
 public:
  explicit PlainSource(std::unique_ptr<RawFile> file) : file_(std::move(file)) {}

  Result<std::size_t> read(std::span<char> into) override {
    const std::string_view peeked = file_->unused();
    if (peeked.empty()) return file_->read(into);
    const std::size_t count = std::min(peeked.size(), into.size());
    std::memcpy(into.data(), peeked.data(), count);
    file_->use(count);
    return count;
  }

 private:
  std::unique_ptr<RawFile> file_;
};

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<RawFile> file) : file_(std::move(file)) {}
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override {
    if (started_) inflateEnd(&stream_);
  }

  Result<std::size_t> read(std::span<char> into) override {
    PLUMB_TRY(start());
    for (;;) {
      if (!in_member_) {
        PLUMB_ASSIGN(const bool another, next_member());
        if (!another) return std::size_t{0};
      }
      // First without more input: the window may hold output that did not fit before.
      PLUMB_ASSIGN(const std::size_t count, inflate_some(into));
      if (count > 0) return count;
      if (!in_member_ || !file_->unused().empty()) continue;
      PLUMB_TRY(file_->refill());
      if (file_->ended()) return fail(file_->truncated("gzip"));
    }
  }

 private:
  Status start() {
    if (started_) return {};
    constexpr int gzip_only = 16;
    if (inflateInit2(&stream_, MAX_WBITS + gzip_only) != Z_OK) return fail(machine_error({}, "cannot start zlib"));
    started_ = true;
    return {};
  }

  /// Whether another member follows. Zero bytes may pad the end, as tapes and gzip(1) have it.
  Result<bool> next_member() {
    for (;;) {
      if (file_->unused().empty() && !file_->ended()) PLUMB_TRY(file_->refill());
      if (file_->unused().empty()) {
        if (file_->ended()) return false;
        continue;
      }
      if (file_->unused().front() == '\0') {
        padded_ = true;
        file_->use(1);
        continue;
      }
      if (padded_) return fail(file_->damaged("gzip", "bytes that are not zero after the padding"));
      if (inflateReset(&stream_) != Z_OK) return fail(machine_error({}, "cannot restart zlib"));
      in_member_ = true;
      return true;
    }
  }

  Result<std::size_t> inflate_some(std::span<char> into) {
    const std::string_view input = file_->unused();
    const auto room = static_cast<uInt>(std::min<std::size_t>(into.size(), std::size_t{1} << 30));
    // zlib does not write to its input; its interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = room;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    file_->use(input.size() - stream_.avail_in);
    const std::size_t count = room - stream_.avail_out;
    if (code == Z_STREAM_END) {
      in_member_ = false;
    } else if (code == Z_MEM_ERROR) {
      return fail(machine_error({}, "out of memory in zlib"));
    } else if (code != Z_OK && code != Z_BUF_ERROR &&
               count == 0) {  // what came before the damage counts; zlib repeats itself
      return fail(file_->damaged("gzip", stream_.msg != nullptr ? stream_.msg : "not gzip data"));
    }
    return count;
  }

  std::unique_ptr<RawFile> file_;
  z_stream stream_{};
  bool started_ = false;
  bool in_member_ = false;
  bool padded_ = false;
};

class ZstdSource : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<RawFile> file) : file_(std::move(file)), context_(ZSTD_createDCtx()) {}

  Result<std::size_t> read(std::span<char> into) override {
    if (context_ == nullptr) return fail(machine_error({}, "cannot start the Zstandard decoder"));
    for (;;) {
      // Between frames the decoder must not be called without input: it would begin a frame that is not there.
      if (in_frame_ || !file_->unused().empty()) {
        const std::string_view input = file_->unused();
        ZSTD_inBuffer from{input.data(), input.size(), 0};
        ZSTD_outBuffer to{into.data(), into.size(), 0};
        const std::size_t left = ZSTD_decompressStream(context_.get(), &to, &from);
        if (ZSTD_isError(left) != 0) return fail(file_->damaged("Zstandard", ZSTD_getErrorName(left)));
        file_->use(from.pos);
        in_frame_ = left != 0;
        if (to.pos > 0) return to.pos;
        if (!file_->unused().empty()) continue;
      }
      PLUMB_TRY(file_->refill());
      if (file_->unused().empty() && file_->ended()) {
        if (in_frame_) return fail(file_->truncated("Zstandard"));
        return std::size_t{0};
      }
    }
  }

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<RawFile> file_;
  std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
  bool in_frame_ = false;
};

bool is_gzip(std::string_view head) { return head.starts_with("\x1f\x8b"); }

/// The magic number of a frame, or of a frame to be skipped, which some writers put first.
bool is_zstd(std::string_view head) {
  return head.starts_with("\x28\xb5\x2f\xfd") ||
         (head.size() >= 4 && (head[0] & 0xf0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18");
}

Result<std::unique_ptr<ByteSource>> decoded(std::unique_ptr<RawFile> file) {
  constexpr std::size_t magic_bytes = 4;
  while (file->unused().size() < magic_bytes && !file->ended()) PLUMB_TRY(file->refill());
  if (is_gzip(file->unused())) return std::make_unique<GzipSource>(std::move(file));
  if (is_zstd(file->unused())) return std::make_unique<ZstdSource>(std::move(file));
  return std::make_unique<PlainSource>(std::move(file));
}

}  // namespace

Result<std::unique_ptr<ByteSource>> ByteSource::open(const std::string& path) {
  PLUMB_ASSIGN(InputFile opened, InputFile::open(path));
  return decoded(std::make_unique<RawFile>(std::move(opened)));
}

Result<std::unique_ptr<ByteSource>> ByteSource::of(std::string_view bytes, std::string name) {
  return decoded(std::make_unique<RawFile>(bytes, std::move(name)));
}

}  // namespace plumb

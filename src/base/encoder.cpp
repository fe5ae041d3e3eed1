#include "base/encoder.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

namespace plumb {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10;

/// zlib's level: 1 is what a simulation can afford to wait for, and logs shrink several times with it already.
constexpr int gzip_level = 1;
constexpr int zstd_level = 3;

class GzipEncoder : public Encoder {
 public:
  GzipEncoder() = default;
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;
  ~GzipEncoder() override {
    if (started_) deflateEnd(&stream_);
  }

  Status start() {
    constexpr int gzip_header = 16;  // zlib's own header has no time in it
    constexpr int memory_level = 8;
    started_ = deflateInit2(&stream_, gzip_level, Z_DEFLATED, MAX_WBITS + gzip_header, memory_level,
                            Z_DEFAULT_STRATEGY) == Z_OK;
    return started_ ? Status() : fail(machine_error({}, "cannot start zlib"));
  }

  Status encode(std::string_view bytes, bool last, std::string& to) override {
    do {
      const std::size_t count = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
      // zlib does not write to its input; its interface is older than const.
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(count);
      bytes.remove_prefix(count);
      PLUMB_TRY(drain(last && bytes.empty() ? Z_FINISH : Z_NO_FLUSH, to));
    } while (!bytes.empty());
    return {};
  }

 private:
  Status drain(int flush, std::string& to) {
    std::array<char, piece_bytes> piece;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream_.avail_out = static_cast<uInt>(piece.size());
      if (deflate(&stream_, flush) == Z_STREAM_ERROR) return fail(machine_error({}, "zlib failed"));
      to.append(piece.data(), piece.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
    return {};
  }

  z_stream stream_{};
  bool started_ = false;
};

class ZstdEncoder : public Encoder {
 public:
  ZstdEncoder() : context_(ZSTD_createCCtx()) {}

  Status start() {
    if (context_ == nullptr) return fail(machine_error({}, "cannot start the Zstandard encoder"));
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, zstd_level);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
    return {};
  }

  Status encode(std::string_view bytes, bool last, std::string& to) override {
    std::array<char, piece_bytes> piece;
    ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer into{piece.data(), piece.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &into, &from, last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left) != 0) {
        return fail(machine_error({}, fmt::format("Zstandard failed: {}", ZSTD_getErrorName(left))));
      }
      to.append(piece.data(), into.pos);
      if (last ? left == 0 : from.pos == from.size) return {};
    }
  }

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, FreeContext> context_;
};

template <class Kind>
Result<std::unique_ptr<Encoder>> started() {
  auto encoder = std::make_unique<Kind>();
  PLUMB_TRY(encoder->start());
  return encoder;
}

}  // namespace

Result<std::unique_ptr<Encoder>> Encoder::for_path(const std::string& path) {
  if (path.ends_with(".gz")) return started<GzipEncoder>();
  if (path.ends_with(".zst")) return started<ZstdEncoder>();
  return nullptr;
}

}  // namespace plumb

#include "base/file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input_file.h"

namespace plumb {
namespace {

constexpr mode_t mode_of_results = 0644;

Status write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(system_error("write", path, written < 0 ? errno : EIO));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status write_and_close(int descriptor, std::string_view bytes, const std::string& path) {
  Status status = write_all(descriptor, bytes, path);
  // A network file system may report a full disk only here.
  if (::close(descriptor) != 0 && status) status = fail(system_error("write", path, errno));
  return status;
}

/// Into what is there already and is no regular file: /dev/null, a pipe. It must not be replaced by a file.
Status write_in_place(const std::string& path, std::string_view bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(system_error("write", path, errno));
  return write_and_close(descriptor, bytes, path);
}

/// Opens a file beside `target` that did not exist; `temporary` becomes its name.
Result<int> open_beside(const std::string& target, const std::string& path, mode_t mode, std::string& temporary) {
  constexpr int attempts_max = 1000;
  for (int attempt = 0;; ++attempt) {
    temporary = fmt::format("{}.{}.{}.tmp", target, ::getpid(), attempt);
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor >= 0) return descriptor;
    // Another thread of this process, or one of the same number that was killed, has that name.
    if (errno != EEXIST || attempt >= attempts_max) return fail(system_error("write", path, errno));
  }
}

/// `path` is what messages call `target`.
Status write_and_rename(const std::string& target, const std::string& path, std::string_view bytes,
                        std::optional<mode_t> mode) {
  std::string temporary;
  PLUMB_ASSIGN(const int descriptor, open_beside(target, path, mode.value_or(mode_of_results), temporary));
  if (mode) ::fchmod(descriptor, *mode);  // free of the umask; where it fails the narrower mode stays
  Status status = write_and_close(descriptor, bytes, path);
  if (status && std::rename(temporary.c_str(), target.c_str()) != 0) status = fail(system_error("write", path, errno));
  if (!status) ::unlink(temporary.c_str());
  return status;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  PLUMB_ASSIGN(InputFile file, InputFile::open(path));
  std::string bytes;
  std::array<char, 65536> buffer;
  for (;;) {
    PLUMB_ASSIGN(const std::size_t count, file.read(buffer));
    if (count == 0) return bytes;
    if (count > bytes_max - bytes.size()) {
      return fail(input_error({path, 0, 0}, "the file is too large", fmt::format("at most {} bytes", bytes_max)));
    }
    bytes.append(buffer.data(), count);
  }
}

Status write_file(const std::string& path, std::string_view bytes) {
  if (path == "-") {
    std::fflush(stdout);  // what was printed before comes before
    return write_all(STDOUT_FILENO, bytes, "standard output");
  }
  PLUMB_TRY(check_path(path));
  struct stat present{};
  if (::stat(path.c_str(), &present) != 0) return write_and_rename(path, path, bytes, std::nullopt);
  if (S_ISDIR(present.st_mode)) return fail(input_error({path, 0, 0}, "is a folder", "the name of a file"));
  if (!S_ISREG(present.st_mode)) return write_in_place(path, bytes);
  // A link goes on pointing where it points; the file there is what is replaced.
  std::error_code code;
  const std::filesystem::path target = std::filesystem::canonical(path, code);
  constexpr mode_t permissions = 0777;
  return write_and_rename(code ? path : target.string(), path, bytes, present.st_mode & permissions);
}

}  // namespace plumb

#include "base/input_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plumb {

InputFile::InputFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<InputFile> InputFile::open(const std::string& path) {
  PLUMB_TRY(check_path(path));
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(system_error("open", path, errno));
  InputFile file(path, descriptor);
  struct stat status{};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    return fail(input_error({path, 0, 0}, "is a folder", "a file"));
  }
  return file;
}

Result<std::size_t> InputFile::read(std::span<char> into) {
  for (;;) {
    const ssize_t count = ::read(descriptor_, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return fail(system_error("read", path_, errno));
  }
}

Error system_error(std::string_view verb, const std::string& path, int code) {
  std::string message = fmt::format("cannot {}: {}", verb, std::strerror(code));
  switch (code) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case EACCES:
    case EPERM:
    case ELOOP:
    case ENAMETOOLONG: return input_error({path, 0, 0}, std::move(message));
    default: return machine_error({path, 0, 0}, std::move(message));
  }
}

Status check_path(const std::string& path) {
  if (path.empty()) return fail(input_error({}, "the path is empty", "the name of a file"));
  if (path.find('\0') == std::string::npos) return {};
  return fail(input_error({path, 0, 0}, "the path holds a zero byte", "the name of a file"));
}

}  // namespace plumb

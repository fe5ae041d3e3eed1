#include "base/output_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input_file.h"

namespace plumb {
namespace {

constexpr mode_t mode_of_results = 0644;

/// Opens a file beside `target` that did not exist; `temporary` becomes its name. `path` is what messages call it.
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

}  // namespace

OutputFile::OutputFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      standard_output_(other.standard_output_),
      temporary_(std::exchange(other.temporary_, {})),
      target_(std::move(other.target_)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(standard_output_, other.standard_output_);
  std::swap(temporary_, other.temporary_);
  std::swap(target_, other.target_);
  return *this;
}

OutputFile::~OutputFile() { discard(); }

Result<OutputFile> OutputFile::create(const std::string& path) {
  if (path == "-") {
    std::fflush(stdout);  // what was printed before comes before
    OutputFile file("standard output", STDOUT_FILENO);
    file.standard_output_ = true;
    return file;
  }
  PLUMB_TRY(check_path(path));
  OutputFile file(path, -1);
  struct stat present{};
  std::optional<mode_t> mode;
  file.target_ = path;
  if (::stat(path.c_str(), &present) == 0) {
    if (S_ISDIR(present.st_mode)) return fail(input_error({path, 0, 0}, "is a folder", "the name of a file"));
    if (!S_ISREG(present.st_mode)) {
      file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (file.descriptor_ < 0) return fail(system_error("write", path, errno));
      return file;
    }
    // A link goes on pointing where it points; the file there is what is replaced.
    std::error_code code;
    const std::filesystem::path target = std::filesystem::canonical(path, code);
    if (!code) file.target_ = target.string();
    constexpr mode_t permissions = 0777;
    mode = present.st_mode & permissions;
  }
  std::string temporary;
  PLUMB_ASSIGN(file.descriptor_, open_beside(file.target_, path, mode.value_or(mode_of_results), temporary));
  file.temporary_ = std::move(temporary);
  if (mode) ::fchmod(file.descriptor_, *mode);  // free of the umask; where it fails the narrower mode stays
  return file;
}

Status OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(system_error("write", path_, written < 0 ? errno : EIO));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status OutputFile::commit() {
  if (standard_output_) return {};
  // A network file system may report a full disk only here.
  if (::close(std::exchange(descriptor_, -1)) != 0) return fail(system_error("write", path_, errno));
  if (temporary_.empty()) return {};
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) return fail(system_error("write", path_, errno));
  temporary_.clear();
  return {};
}

void OutputFile::discard() {
  if (descriptor_ >= 0 && !standard_output_) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

}  // namespace plumb

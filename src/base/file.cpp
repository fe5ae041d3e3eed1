#include "base/file.h"

#include <array>

#include <fmt/format.h>

#include "base/input_file.h"
#include "base/output_file.h"

namespace plumb {

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
  PLUMB_ASSIGN(OutputFile file, OutputFile::create(path));
  PLUMB_TRY(file.write(bytes));
  return file.commit();
}

}  // namespace plumb

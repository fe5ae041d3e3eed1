# Writes OUTPUT, a C++ file that defines FUNCTION(): the bytes of FILE. Run by the build with -DFILE= -DFUNCTION=
# -DOUTPUT=.
file(READ "${FILE}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE "${OUTPUT}" "// Made by src/validation/embed_bytes.cmake. Made again when the file changes.
#include \"validation/carried.h\"

namespace plumb::validation {
namespace {

constexpr unsigned char bytes[] = {${bytes}};

}  // namespace

std::string_view ${FUNCTION}() { return {reinterpret_cast<const char*>(bytes), sizeof(bytes)}; }

}  // namespace plumb::validation
")

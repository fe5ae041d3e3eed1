// Any bytes as TOML.

#include <cstdint>

#include "document_invariants.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  plumb::fuzz::check_document(plumb::Document::parse_toml(text, "fuzz.toml"), text);
  return 0;
}

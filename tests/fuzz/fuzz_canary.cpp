// The canary: a target with a planted fault, a read past the end of the input where it ends in the three bytes "bug".
// None of its seeds has them together.

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || data[size - 3] != 'b' || data[size - 2] != 'u' || data[size - 1] != 'g') return 0;
  const volatile std::uint8_t* past = data + size;
  static_cast<void>(*past);
  return 0;
}

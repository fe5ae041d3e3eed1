#pragma once
// Whether the code under test has the address sanitizer in it, which reserves so much address space that no test can
// limit its own memory. The same test objects are linked with and without, so this is known only when the program runs.

extern "C" void __asan_init() __attribute__((weak));

namespace plumb {

inline bool address_sanitized() { return __asan_init != nullptr; }

}  // namespace plumb

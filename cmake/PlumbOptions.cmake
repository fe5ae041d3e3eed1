# Flags every target of Plumb is built with, as interface libraries.
option(PLUMB_WERROR "Treat warnings as errors" ON)
option(PLUMB_SANITIZE "Build everything with address and undefined-behaviour sanitizers" OFF)

# Contraction of a*b+c into one rounding differs between processors, so it is off: the same input gives the same bytes.
add_library(plumb_options INTERFACE)
target_compile_options(plumb_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                               -Woverloaded-virtual -Wfloat-conversion -Wcast-qual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees copies that overlap in the operator+ of std::string, where there are none (GCC's bug 105651).
  target_compile_options(plumb_options INTERFACE -Wno-restrict)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++'s own std::stable_sort uses what C++20 deprecates, and clang says so wherever it is called.
  target_compile_options(plumb_options INTERFACE -Wno-deprecated-declarations)
endif()
if(PLUMB_WERROR)
  target_compile_options(plumb_options INTERFACE -Werror)
endif()

# The rooms call each other at every event of a simulation; optimised together when a program is linked, it takes about
# a seventh less time.
option(PLUMB_LTO "Optimise release builds at link time, where the compiler can" ON)
if(PLUMB_LTO AND CMAKE_BUILD_TYPE STREQUAL "Release")
  include(CheckIPOSupported)
  check_ipo_supported(RESULT CMAKE_INTERPROCEDURAL_OPTIMIZATION OUTPUT PLUMB_NO_LTO LANGUAGES CXX)
endif()

# A double that does not fit the integer it is cast to is undefined as well, but no part of "undefined". Sanitized code
# confuses the analysis behind -Wmaybe-uninitialized.
set(PLUMB_SANITIZERS address,undefined,float-cast-overflow)
add_library(plumb_sanitizers INTERFACE)
target_compile_options(plumb_sanitizers INTERFACE -fsanitize=${PLUMB_SANITIZERS} -fno-sanitize-recover=all
                                                  -fno-omit-frame-pointer -O1)
target_link_options(plumb_sanitizers INTERFACE -fsanitize=${PLUMB_SANITIZERS})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(plumb_sanitizers INTERFACE -Wno-maybe-uninitialized)
endif()
if(PLUMB_FUZZ)
  target_compile_options(plumb_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(PLUMB_SANITIZE)
  target_link_libraries(plumb_options INTERFACE plumb_sanitizers)
endif()

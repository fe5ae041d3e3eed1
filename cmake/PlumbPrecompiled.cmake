# Most of the time of a plain build goes into parsing the same library headers again for every source. With PLUMB_PCH
# they are parsed once for the rooms, once for the sanitized rooms and once for the tests. A source still includes what
# it uses: the release build, which is without it, would not compile otherwise.
option(PLUMB_PCH "Parse the library headers that most sources include once" OFF)

set(PLUMB_COMMON_HEADERS <algorithm> <array> <cmath> <functional> <map> <memory> <optional> <set> <span> <string>
                         <string_view> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)

# plumb_precompiled(NAME HEADERS header... LINKS library...): a target whose headers plumb_reuse() takes.
function(plumb_precompiled name)
  cmake_parse_arguments(PCH "" "" "HEADERS;LINKS" ${ARGN})
  if(NOT PLUMB_PCH)
    return()
  endif()
  set(source "${PROJECT_BINARY_DIR}/${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "// Only so that its headers are parsed.\n")
  add_library(${name} OBJECT "${source}")
  target_link_libraries(${name} PRIVATE ${PCH_LINKS})
  target_precompile_headers(${name} PRIVATE ${PCH_HEADERS})
endfunction()

function(plumb_reuse name from)
  if(PLUMB_PCH)
    target_precompile_headers(${name} REUSE_FROM ${from})
    # So that ccache can tell whether the parsed headers are still those.
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
    target_compile_options(${from} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  endif()
endfunction()

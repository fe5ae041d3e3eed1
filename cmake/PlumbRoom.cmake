# plumb_room(NAME [LINKS room...] [PRIVATE library...])
#
# Makes the library of one room: every .cpp of the current folder. Headers stand beside their sources and are included
# as "room/header.h". That path is found only through a link of the room's own name in the build tree, which only
# targets that link the room have on their include path. So an include against the direction of the layers does not
# compile, and the LINKS lines are the layer diagram.
function(plumb_room name)
  cmake_parse_arguments(ROOM "" "" "LINKS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")

  if(NOT sources)
    message(FATAL_ERROR "src/${name} has no sources")
  endif()
  set(door "${PROJECT_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${door}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${door}/${name}" SYMBOLIC)

  add_library(plumb_${name} STATIC ${sources})
  target_include_directories(plumb_${name} PUBLIC "${door}")
  target_link_libraries(plumb_${name} PUBLIC plumb_options)
  foreach(link IN LISTS ROOM_LINKS)
    target_link_libraries(plumb_${name} PUBLIC plumb_${link})
  endforeach()
  target_link_libraries(plumb_${name} PRIVATE ${ROOM_PRIVATE})
  plumb_reuse(plumb_${name} plumb_room_headers)
  set_property(GLOBAL APPEND PROPERTY PLUMB_ROOMS ${name})
endfunction()

# plumb_sanitized(NAME VARIABLE)
#
# Puts into VARIABLE a target like plumb_NAME whose code, and that of all rooms below it, has the sanitizers in it: a
# second library of the same sources, or plumb_NAME itself where the whole build is sanitized.
function(plumb_sanitized name variable)
  set(original plumb_${name})
  set(twin ${original}_sanitized)
  if(PLUMB_SANITIZE)
    set(${variable} ${original} PARENT_SCOPE)
    return()
  endif()
  set(${variable} ${twin} PARENT_SCOPE)
  if(TARGET ${twin})
    return()
  endif()

  get_target_property(sources ${original} SOURCES)
  get_target_property(folder ${original} SOURCE_DIR)
  list(TRANSFORM sources PREPEND "${folder}/" REGEX "^[^/$]")
  get_target_property(includes ${original} INCLUDE_DIRECTORIES)
  add_library(${twin} STATIC EXCLUDE_FROM_ALL ${sources})
  add_dependencies(${twin} ${original})  # which makes the sources that are generated
  target_include_directories(${twin} PUBLIC ${includes})
  get_target_property(definitions ${original} COMPILE_DEFINITIONS)
  if(definitions)
    target_compile_definitions(${twin} PRIVATE ${definitions})
  endif()
  target_link_libraries(${twin} PUBLIC plumb_sanitizers)
  plumb_reuse(${twin} plumb_sanitized_headers)
  get_target_property(links ${original} LINK_LIBRARIES)
  get_property(rooms GLOBAL PROPERTY PLUMB_ROOMS)
  foreach(link IN LISTS links)
    string(REGEX REPLACE "^plumb_" "" room "${link}")
    if(link MATCHES "^plumb_" AND room IN_LIST rooms)
      plumb_sanitized(${room} link)
    endif()
    target_link_libraries(${twin} PUBLIC ${link})
  endforeach()
endfunction()

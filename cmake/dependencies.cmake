# Everything comes from Debian 12; scripts/packages.sh holds the list and the launcher installs it.
# A missing package stops the configuration with the line that installs it.

function(firstfin_need found what package)
  if(NOT ${found})
    message(FATAL_ERROR "${what} is missing. Install it with: apt-get install ${package}")
  endif()
endfunction()

find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG QUIET COMPONENTS json)
firstfin_need(Boost_FOUND "Boost 1.81 (headers and Boost.JSON)" "libboost1.81-dev libboost-json1.81-dev")
find_package(fmt QUIET)
firstfin_need(fmt_FOUND "fmt" libfmt-dev)
find_package(CLI11 QUIET)
firstfin_need(CLI11_FOUND "CLI11" libcli11-dev)
find_package(SQLite3 QUIET)
firstfin_need(SQLite3_FOUND "SQLite" libsqlite3-dev)
find_package(PkgConfig QUIET)
firstfin_need(PkgConfig_FOUND "pkg-config" pkg-config)
# By pkg-config, because only that names the compiled library; the CMake package is header-only and slow to compile.
pkg_check_modules(tomlplusplus QUIET IMPORTED_TARGET tomlplusplus)
firstfin_need(tomlplusplus_FOUND "toml++" libtomlplusplus-dev)
pkg_check_modules(libmnl QUIET IMPORTED_TARGET libmnl)
firstfin_need(libmnl_FOUND "libmnl" libmnl-dev)
pkg_check_modules(libpcap QUIET IMPORTED_TARGET libpcap)
firstfin_need(libpcap_FOUND "libpcap" libpcap-dev)
pkg_check_modules(libpcre2 QUIET IMPORTED_TARGET libpcre2-8)
firstfin_need(libpcre2_FOUND "PCRE2" libpcre2-dev)
if(FIRSTFIN_TESTS)
  find_package(GTest QUIET)
  firstfin_need(GTest_FOUND "GoogleTest" libgtest-dev)
  find_package(benchmark QUIET)
  firstfin_need(benchmark_FOUND "Google Benchmark" libbenchmark-dev)
endif()

# Warnings travel with our own targets only; -Werror is a preset's business.
add_library(firstfin_warnings INTERFACE)
target_compile_options(firstfin_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wno-maybe-uninitialized)  # g++ 12 suspects every std::optional that it inlines

# Asio and Beast are compiled once (core/boost_impl.cpp) instead of in every file that includes them.
add_library(firstfin_boost INTERFACE)
target_link_libraries(firstfin_boost INTERFACE Boost::headers Boost::json Threads::Threads)
target_compile_definitions(firstfin_boost INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION)


# Nearly every file needs addresses, durations and fmt: read once, by core, and reused by whoever links core.
function(firstfin_reuse_headers)
  foreach(target ${ARGN})
    target_precompile_headers(${target} REUSE_FROM firstfin_core)
  endforeach()
endfunction()

# SPDX-License-Identifier: Apache-2.0
# Run by `cmake --install` with HUBLET_BINDIR, where the programs go (below the prefix unless it is a full path).
# The file is written in place, not copied from the build folder: whoever installs may not own that folder.
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX NORMALIZE OUTPUT_VARIABLE prefix)
cmake_path(ABSOLUTE_PATH HUBLET_BINDIR BASE_DIRECTORY "${prefix}" NORMALIZE)
# systemd reads quotes, backslashes and per cent signs in a command.
string(REPLACE "\\" "\\\\" HUBLET_BINDIR "${HUBLET_BINDIR}")
string(REPLACE "\"" "\\\"" HUBLET_BINDIR "${HUBLET_BINDIR}")
string(REPLACE "%" "%%" HUBLET_BINDIR "${HUBLET_BINDIR}")

set(unit "${prefix}/share/systemd/user/hubletd.service")
message(STATUS "Installing: $ENV{DESTDIR}${unit}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/../hubletd.service.in" "$ENV{DESTDIR}${unit}" @ONLY NO_SOURCE_PERMISSIONS)
list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${unit}")

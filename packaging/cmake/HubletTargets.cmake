# SPDX-License-Identifier: Apache-2.0
# One target per folder. A module names the modules it stands on, so the link line enforces the floors.

add_library(hublet_build_flags INTERFACE)
target_compile_definitions(hublet_build_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_FOREACH
    QT_DISABLE_DEPRECATED_BEFORE=0x060400 HUBLET_VERSION="${PROJECT_VERSION}")
target_compile_options(hublet_build_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion)
target_include_directories(hublet_build_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(HUBLET_WERROR)
    target_compile_options(hublet_build_flags INTERFACE -Werror)
endif()
if(HUBLET_FAULT_POINTS)
    target_compile_definitions(hublet_build_flags INTERFACE HUBLET_FAULT_POINTS)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(hublet_build_flags INTERFACE QT_FORCE_ASSERTS)
endif()
if(HUBLET_SANITIZE)
    # GCC takes what a sanitizer weaves in for uses of uninitialized memory.
    target_compile_options(hublet_build_flags INTERFACE -fsanitize=${HUBLET_SANITIZE} -fno-omit-frame-pointer
        -Wno-maybe-uninitialized)
    target_link_options(hublet_build_flags INTERFACE -fsanitize=${HUBLET_SANITIZE})
endif()

# What nearly every file includes, compiled once. Only outside headers: a change of ours must not rebuild everything.
add_library(hublet_precompiled OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_link_libraries(hublet_precompiled PUBLIC hublet_build_flags Qt6::Core)
target_precompile_headers(hublet_precompiled PRIVATE
    <algorithm> <array> <atomic> <chrono> <condition_variable> <deque> <functional> <map> <memory> <mutex> <optional> <span>
    <thread> <unordered_map> <utility> <variant> <vector> <tl/expected.hpp>
    <QByteArray> <QCoreApplication> <QDateTime> <QDir> <QFile> <QHash> <QJsonArray> <QJsonDocument> <QJsonObject> <QList>
    <QLoggingCategory> <QSet> <QString> <QStringList> <QVariant>)

# hublet_module(<name> [MODULES <lower modules>] [LIBRARIES <outside libraries>])
# Builds every *.cpp of the current folder into hublet_<name>.
function(hublet_module name)
    cmake_parse_arguments(ARG "" "" "MODULES;LIBRARIES" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
    add_library(hublet_${name} STATIC ${sources})
    set(modules ${ARG_MODULES})
    list(TRANSFORM modules PREPEND hublet_)
    target_link_libraries(hublet_${name} PUBLIC hublet_build_flags ${modules} ${ARG_LIBRARIES})
    set_target_properties(hublet_${name} PROPERTIES LINKER_LANGUAGE CXX)
    target_precompile_headers(hublet_${name} REUSE_FROM hublet_precompiled)
endfunction()

# hublet_tests([MODULES <modules under test>] [LIBRARIES <outside libraries>] [LABELS <labels>])
# Every tst_*.cpp of the current folder becomes one Qt Test program and one ctest case.
function(hublet_tests)
    cmake_parse_arguments(ARG "" "" "MODULES;LIBRARIES;LABELS" ${ARGN})
    set(modules ${ARG_MODULES} test_support)
    list(TRANSFORM modules PREPEND hublet_)
    file(GLOB sources CONFIGURE_DEPENDS tst_*.cpp)
    foreach(source ${sources})
        get_filename_component(test ${source} NAME_WE)
        add_executable(${test} ${source})
        target_link_libraries(${test} PRIVATE ${modules} ${ARG_LIBRARIES} Qt6::Test)
        target_precompile_headers(${test} REUSE_FROM hublet_precompiled)
        add_test(NAME ${test} COMMAND ${test})
        # die_after_fork=0: the tests of crashes fork, and the child has threads of its own.
        set_tests_properties(${test} PROPERTIES TIMEOUT 300 ENVIRONMENT
            "QT_QPA_PLATFORM=offscreen;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:die_after_fork=0")
        if(ARG_LABELS)
            set_tests_properties(${test} PROPERTIES LABELS "${ARG_LABELS}")
        endif()
    endforeach()
endfunction()

# SPDX-License-Identifier: Apache-2.0
# KArchive of KDE Frameworks 6 for distributions that have it for Qt 5 only.

KARCHIVE_VERSION=6.13

system_has_karchive()
{
    local version
    version=$(dpkg-query --show --showformat '${Version}' libkf6archive-dev 2>/dev/null) &&
        dpkg --compare-versions "${version:-0}" ge "$KARCHIVE_VERSION"
}

build_karchive()
{
    local work=$1 log=$1/build.log suites
    # A stable release first: the newest KArchive asks for a newer CMake than the oldest supported system has.
    case $OS_ID in
        debian) suites="trixie testing sid" ;;
        *) suites="devel" ;;
    esac
    fetch_sources "$work" "$suites" "kf6-extra-cmake-modules=$KARCHIVE_VERSION" "kf6-karchive=$KARCHIVE_VERSION"

    local common=(-G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$HUBLET_DEPS" -DBUILD_TESTING=OFF)
    cd "$work/kf6-extra-cmake-modules"
    run_logged "$log" cmake -S . -B build "${common[@]}" \
        -DBUILD_HTML_DOCS=OFF -DBUILD_MAN_DOCS=OFF -DBUILD_QTHELP_DOCS=OFF
    run_logged "$log" cmake --install build

    cd "$work/kf6-karchive"
    # It names a newer Qt than it needs; with 6.4 only one header is no longer included by the way.
    sed -i 's/^set(REQUIRED_QT_VERSION .*/set(REQUIRED_QT_VERSION 6.4.0)\nadd_compile_options("SHELL:-include QStringConverter")/' \
        CMakeLists.txt
    run_logged "$log" cmake -S . -B build "${common[@]}" -DCMAKE_PREFIX_PATH="$HUBLET_DEPS" -DKDE_INSTALL_LIBDIR=lib \
        -DKF_SKIP_PO_PROCESSING=ON
    run_logged "$log" cmake --build build
    run_logged "$log" cmake --install build
}

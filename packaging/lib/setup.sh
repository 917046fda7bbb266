# SPDX-License-Identifier: Apache-2.0
# From a bare machine to a configured and built preset: what packaging/run and packaging/test have in common.
# Needs common.sh, apt.sh and packages.sh.

# Objects are shared between clones and between presets: paths inside the source tree are made relative for the key.
export CCACHE_BASEDIR=$HUBLET_ROOT CCACHE_NOHASHDIR=1

# install_needs <package>...: the packages of every build and these; then what the distribution lacks.
install_needs()
{
    read_os_release
    if ! is_supported_system; then
        require_by_hand
        return
    fi
    local packages=("${BUILD_PACKAGES[@]}" "$@")
    if has_karchive_package; then
        packages+=(libkf6archive-dev)
    else
        packages+=("${KARCHIVE_BUILD_PACKAGES[@]}")
    fi
    # Where there is none, packaging/deps builds it.
    if is_offered libblake3-dev; then
        packages+=(libblake3-dev)
    fi
    install_packages "${packages[@]}"
    "$HUBLET_ROOT/packaging/deps/install"
}

# build_preset <preset> [<cmake option>...]
build_preset()
{
    local preset=$1
    shift
    (
        cd "$HUBLET_ROOT"
        say "building preset $preset in build/$preset"
        # Said each time: what an earlier configuration noted wins over the environment.
        cmake --preset "$preset" --log-level=WARNING "-DHUBLET_DEPS=$HUBLET_DEPS" "$@" >/dev/null
        cmake --build --preset "$preset"
    )
}

# SPDX-License-Identifier: Apache-2.0
# The distribution's packages that Hublet needs, and the distributions known to have them. Needs common.sh.
# `a|b` means: the first of these names that the distribution has.

BUILD_PACKAGES=(
    ca-certificates ccache cmake g++ make ninja-build pkg-config
    qt6-base-dev 'qt6-svg-dev|libqt6svg6-dev' qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libgl-dev
    libqt6sql6-sqlite
    libexpected-dev liblz4-dev libsodium-dev libssl-dev libyaml-cpp-dev
    libgnutls28-dev # libmicrohttpd's TLS
)

# What the window needs at run time beside the libraries that the build already brings.
WINDOW_PACKAGES=(qt6-qpa-plugins qt6-wayland fonts-dejavu-core)

# Only where packaging/deps builds KArchive itself.
KARCHIVE_BUILD_PACKAGES=(xz-utils libbz2-dev liblzma-dev libzstd-dev zlib1g-dev)

TEST_PACKAGES=(
    git strace e2fsprogs mount util-linux procps iproute2 xvfb xauth
    nginx aria2 curl apache2-utils openssl         # yardsticks and clients
    postgresql libqt6sql6-psql                # the second database
    'clang-14|clang' 'libclang-rt-14-dev|libclang-rt-dev' # fuzz targets
    python3-venv
)

# Whether packaging/ knows where this distribution keeps all of the above.
is_supported_system()
{
    case $OS_ID in
        # Debian's testing and unstable have no version number.
        debian) [[ $OS_VERSION == unknown || ${OS_VERSION%%.*} -ge 12 ]] ;;
        ubuntu) [[ $OS_VERSION =~ ^[0-9]+\.[0-9]+$ && ${OS_VERSION/./} -ge 2404 ]] ;;
        *) return 1 ;;
    esac
}

# Whether the distribution's own KArchive is for Qt 6 and new enough; packaging/deps builds it elsewhere.
has_karchive_package() { [[ "$OS_ID $OS_VERSION" != "debian 12" && "$OS_ID $OS_VERSION" != "ubuntu 24.04" ]]; }

# On a system that packaging/ does not know: says what is missing and stops; returns when nothing seems to be.
require_by_hand()
{
    local need missing=() PKG_CONFIG_PATH=$HUBLET_DEPS/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
    export PKG_CONFIG_PATH # as CMakeLists.txt has it
    for need in c++ cmake ninja ccache pkg-config make; do
        command -v "$need" >/dev/null || missing+=("the program $need")
    done
    for need in 'libmicrohttpd >= 1.0.10' 'libsodium' 'libcrypto >= 3.0' 'yaml-cpp' 'libblake3 >= 1.3' \
        'liblz4 >= 1.9'; do
        pkg-config --exists "$need" 2>/dev/null || missing+=("the library $need with its headers")
    done
    command -v qmake6 >/dev/null ||
        missing+=("Qt >= 6.4 with headers (Core, Network, Sql with SQLite, Widgets, Svg, LinguistTools, Test)")
    [[ ${#missing[@]} != 0 ]] || return 0
    printf 'error: packages are installed by themselves on Debian 12 and newer and Ubuntu 24.04 and newer; this is %s %s.\n' \
        "$OS_ID" "$OS_VERSION" >&2
    printf 'Install these first, and KDE Archive (KF6) >= 6.13 and tl::expected where absent:\n' >&2
    printf '  - %s\n' "${missing[@]}" >&2
    exit 1
}

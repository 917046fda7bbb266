# SPDX-License-Identifier: Apache-2.0
# libmicrohttpd: older versions accept requests that must be refused (core/http/README.md).

LIBMICROHTTPD_VERSION=1.0.10

system_has_libmicrohttpd() { pkg-config --atleast-version "$LIBMICROHTTPD_VERSION" libmicrohttpd; }

build_libmicrohttpd()
{
    local work=$1 log=$1/build.log suites
    case $OS_ID in
        debian) suites="testing sid" ;;
        *) suites="devel" ;;
    esac
    fetch_sources "$work" "$suites" "libmicrohttpd=$LIBMICROHTTPD_VERSION"
    cd "$work/libmicrohttpd"
    run_logged "$log" ./configure --prefix="$HUBLET_DEPS" --libdir="$HUBLET_DEPS/lib" --disable-static \
        --disable-doc --disable-examples --disable-tools --disable-curl CFLAGS=-O2
    run_logged "$log" make -j"$(nproc)" -C src/include install
    run_logged "$log" make -j"$(nproc)" -C src/microhttpd install
    run_logged "$log" make install-pkgconfigDATA
}

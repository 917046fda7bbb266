# SPDX-License-Identifier: Apache-2.0
# BLAKE3: the official C and assembly sources, which distributions without libblake3-dev carry inside the Rust crate.

# 1.3 is the first with everything core/xet calls.
BLAKE3_VERSION=1.3

system_has_blake3() { pkg-config --atleast-version "$BLAKE3_VERSION" libblake3; }

build_blake3()
{
    local work=$1 log=$1/build.log sources machine flags=() files=(blake3.c blake3_dispatch.c blake3_portable.c)
    fetch_package "$work" librust-blake3-dev
    sources=("$work"/librust-blake3-dev/usr/share/cargo/registry/blake3-*/c)
    cd "${sources[0]}"
    machine=$(cc -dumpmachine)
    case $machine in
        # The processor's best is chosen at run time.
        x86_64-*) files+=(blake3_{sse2,sse41,avx2,avx512}_x86-64_unix.S) ;;
        aarch64-*)
            files+=(blake3_neon.c)
            flags+=(-DBLAKE3_USE_NEON=1)
            ;;
    esac
    run_logged "$log" cc -O3 -fPIC "${flags[@]}" -c "${files[@]}"
    mkdir -p "$HUBLET_DEPS"/{include,lib/pkgconfig}
    rm -f "$HUBLET_DEPS/lib/libblake3.a"
    run_logged "$log" ar rcs "$HUBLET_DEPS/lib/libblake3.a" ./*.o
    install -m 644 blake3.h "$HUBLET_DEPS/include"
    cat >"$HUBLET_DEPS/lib/pkgconfig/libblake3.pc" <<PC
Name: libblake3
Description: BLAKE3 cryptographic hash function
Version: $(sed -n 's/^#define BLAKE3_VERSION_STRING "\(.*\)"/\1/p' blake3.h)
Libs: -L$HUBLET_DEPS/lib -lblake3
Cflags: -I$HUBLET_DEPS/include
PC
}

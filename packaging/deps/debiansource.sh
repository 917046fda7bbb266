# SPDX-License-Identifier: Apache-2.0
# Fetches source packages of a newer release of this distribution, through apt with a sources list and package lists
# of our own: the system's stay untouched. The archive is the one this machine already uses, so its address is read
# from apt's configuration. apt checks the release's signature against the distribution's own archive keyring and each
# file against the signed index; nothing unsigned is ever accepted.

# Prints the address of the archive that carries this system's main component; fails when apt has no lists of it.
find_archive()
{
    local uri origin codename component
    while read -r uri origin codename component; do
        if [[ ${origin,,} == "$OS_ID" && $codename == "$OS_CODENAME" && $component == main ]]; then
            printf '%s\n' "$uri"
            return
        fi
    done < <(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(CODENAME) $(COMPONENT)' 'Created-By: Packages')
    return 1
}

archive_uri()
{
    find_archive && return
    refresh_package_lists >&2
    find_archive || die "apt knows no archive of $OS_ID $OS_CODENAME"
}

archive_keyring()
{
    local keyring
    for keyring in /usr/share/keyrings/"$OS_ID"-archive-keyring.{gpg,pgp}; do
        if [[ -r $keyring ]]; then
            printf '%s\n' "$keyring"
            return
        fi
    done
    die "the package $OS_ID-archive-keyring is missing: cannot check the signatures of source packages"
}

# private_apt <apt's directory> <apt-get or apt-cache> <arguments...>
private_apt()
{
    local dir=$1 tool=$2
    shift 2
    "$tool" -q -o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$dir/lists" -o Dir::Cache="$dir/cache" "$@"
}

# has_version <apt's directory> <package> <at least this version>
has_version()
{
    local version
    version=$(private_apt "$1" apt-cache showsrc --only-source "$2" 2>/dev/null |
        sed -n 's/^Version: //p' | sort -V | tail -n 1)
    [[ -n $version ]] && dpkg --compare-versions "$version" ge "$3"
}

# fetch_from_suite <directory> <sources list line> <package>=<at least this version>...
# Downloads into <directory>/apt/files and logs to <directory>/apt.log.
fetch_from_suite()
{
    local work=$1 dir=$1/apt line=$2 wanted packages=()
    shift 2
    rm -rf "$dir"
    mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/files"
    printf '%s\n' "$line" >"$dir/sources.list"
    # apt downloads as a user of its own when it runs as root.
    if [[ $EUID == 0 ]] && id -u _apt >/dev/null 2>&1; then
        chmod 755 "$work" "$dir"
        chown _apt "$dir/files" "$dir/lists/partial" "$dir/cache/archives/partial"
    fi
    run_logged "$work/apt.log" private_apt "$dir" apt-get -o APT::Update::Error-Mode=any update || return 1
    for wanted in "$@"; do
        has_version "$dir" "${wanted%%=*}" "${wanted#*=}" || return 1
        packages+=("${wanted%%=*}")
    done
    cd "$dir/files" && run_logged "$work/apt.log" private_apt "$dir" apt-get source --download-only "${packages[@]}"
}

# try_suites <directory> <suites> <package>=<at least this version>...: stops at the first suite that has them all.
try_suites()
{
    local work=$1 suites=$2 uri keyring components=main suite
    shift 2
    uri=$(archive_uri) || return 1
    keyring=$(archive_keyring) || return 1
    [[ $OS_ID != ubuntu ]] || components="main universe"
    for suite in $suites; do
        (fetch_from_suite "$work" "deb-src [signed-by=$keyring] $uri $suite $components" "$@") && return
        say "$suite of this machine's archive does not have all of: $*"
    done
    return 1
}

# Newer releases are signed with newer keys. The system's own, verified lists bring those keys.
upgrade_keyring()
{
    say "updating $OS_ID-archive-keyring"
    refresh_package_lists
    as_root apt-get -q -y install --only-upgrade "$OS_ID-archive-keyring"
}

# fetch_sources <directory> <suites> <package>=<at least this version>...
# Unpacks the upstream tarball of each package into <directory>/<package>. All come from one suite, the first of
# <suites> (a list in quotes, steadiest first) that has all of them new enough.
fetch_sources()
{
    local work=$1 wanted package tarball
    if ! try_suites "$@"; then
        grep -q NO_PUBKEY "$work/apt.log" && upgrade_keyring >&2 && try_suites "$@" ||
            die "no source packages found (log: $work/apt.log)"
    fi
    shift 2
    for wanted in "$@"; do
        package=${wanted%%=*}
        tarball=$(find "$work/apt/files" -name "${package}_*.orig.tar.*" ! -name '*.asc')
        mkdir -p "$work/$package"
        tar --extract --file "$tarball" --directory "$work/$package" --strip-components 1
    done
}

# fetch_package <directory> <package>: unpacks this distribution's own binary package into <directory>/<package>,
# without installing it.
fetch_package()
{
    local work=$1 package=$2 dir=$1/package log=$1/apt.log
    mkdir -p "$dir"
    if [[ $EUID == 0 ]] && id -u _apt >/dev/null 2>&1; then
        chmod 755 "$work"
        chown _apt "$dir"
    fi
    (
        cd "$dir"
        if [[ -z $(apt-cache pkgnames "$package") ]]; then
            refresh_package_lists >&2
        fi
        run_logged "$log" apt-get -q download "$package"
    )
    dpkg-deb --extract "$dir/${package}"_*.deb "$work/$package"
}

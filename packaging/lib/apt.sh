# SPDX-License-Identifier: Apache-2.0
# Installing packages with apt. Needs common.sh.

# Packages whose installation would start a server and enable it. Only their programs are wanted.
SERVER_PACKAGES=(nginx postgresql)

as_root()
{
    if [[ $EUID == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo: $*"
    fi
}

refresh_package_lists() { as_root apt-get -q update; }

# Whether apt offers this package.
is_offered() { [[ $(apt-cache policy "$1") == *"Candidate: "[!\(]* ]]; }

# choose_package <name>[|<other name>...]: prints the first name that apt offers. When it offers none, the first
# name, so that apt's own message says what is missing.
choose_package()
{
    local names name
    IFS='|' read -ra names <<<"$1"
    for name in "${names[@]}"; do
        if is_offered "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
    printf '%s\n' "${names[0]}"
}

# Installs without starting services, by the policy-rc.d convention of Debian and Ubuntu.
install_without_starting()
(
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'as_root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@"
)

has_systemd() { [[ -d /run/systemd/system ]]; }

# list_servers: prints which of SERVER_PACKAGES have a unit here, of whatever package or maker. Whose they are is the
# user's business.
list_servers()
{
    local server
    has_systemd || return 0
    for server in "${SERVER_PACKAGES[@]}"; do
        if [[ -n $(systemctl list-unit-files --no-legend "$server.service" 2>/dev/null) ]]; then
            printf '%s\n' "$server"
        fi
    done
}

# disable_new_servers <server>...: keeps servers that came since list_servers printed these from starting at the next boot.
disable_new_servers()
{
    local server
    for server in $(list_servers); do
        if [[ " $* " != *" $server "* ]]; then
            as_root systemctl --quiet disable "$server"
        fi
    done
}

# install_packages <name>[|<other name>...]...: installs what is missing, in one go. Fast when nothing is.
install_packages()
{
    local installed wanted name servers missing=() chosen=()
    installed=" $(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' |
        sed -n 's/ installed$//p' | tr '\n' ' ') "
    for wanted in "$@"; do
        for name in ${wanted//|/ }; do
            [[ $installed == *" $name "* ]] && continue 2
        done
        missing+=("$wanted")
    done
    [[ ${#missing[@]} != 0 ]] || return 0

    say "installing ${missing[*]}"
    refresh_package_lists
    for wanted in "${missing[@]}"; do
        chosen+=("$(choose_package "$wanted")")
    done
    readarray -t servers < <(list_servers)
    install_without_starting "${chosen[@]}"
    disable_new_servers "${servers[@]}"
}

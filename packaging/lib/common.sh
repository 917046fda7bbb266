# SPDX-License-Identifier: Apache-2.0
# What every script of packaging/ shares. Sourced by bash with `set -euo pipefail`; sets HUBLET_ROOT and HUBLET_DEPS.

HUBLET_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# The prefix of what the distribution lacks, a full path. CMakeLists.txt has the same default. Bash knows `~` without HOME.
HUBLET_DEPS=${HUBLET_DEPS:-~/.cache/hublet/deps}
[[ $HUBLET_DEPS == /* ]] || HUBLET_DEPS=$PWD/$HUBLET_DEPS
export HUBLET_DEPS

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }

die()
{
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Sets OS_ID ("debian", "ubuntu"), OS_VERSION ("12", "24.04") and OS_CODENAME ("bookworm") of this machine.
read_os_release()
{
    local file=${HUBLET_OS_RELEASE:-/etc/os-release}
    [[ -r $file ]] || die "$file is missing: cannot tell which distribution this is"
    # In a subshell, so that the file's other variables do not leak into ours.
    IFS=$'\t' read -r OS_ID OS_VERSION OS_CODENAME < <(
        # shellcheck disable=SC1090
        . "$file" && printf '%s\t%s\t%s\n' "${ID:-unknown}" "${VERSION_ID:-unknown}" "${VERSION_CODENAME:-unknown}")
}

# run_logged <log file> <command...>: runs quietly; on failure shows the end of the log and fails.
run_logged()
{
    local log=$1
    shift
    if ! "$@" >>"$log" 2>&1; then
        tail -n 40 "$log" >&2
        printf 'error: failed: %s (whole log: %s)\n' "$*" "$log" >&2
        return 1
    fi
}

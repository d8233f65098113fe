#!/usr/bin/env bash
# Runs every command of the README's sh blocks, as a reader would type them. Only the test runner itself is left out.
set -euo pipefail
cd "$1"
rm -rf /tmp/firstfin-grid /tmp/firstfin-article /tmp/firstfin-mine.toml /tmp/firstfin-nginx.log
trap 'rm -rf /tmp/firstfin-grid /tmp/firstfin-article /tmp/firstfin-mine.toml /tmp/firstfin-nginx.log' EXIT
mapfile -t commands < <(awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside && NF' README.md)
((${#commands[@]} >= 10)) || { echo "only ${#commands[@]} commands found in README.md" >&2; exit 1; }
for command in "${commands[@]}"; do
    [[ $command == ./run-tests* ]] && continue
    printf '$ %s\n' "$command"
    code=0
    bash -c "$command" >/tmp/firstfin-readme.out 2>&1 || code=$?
    [[ $command == *doctor && $code == 1 ]] && continue # a machine without a TUN device, say: limited, and it says so
    [[ $command == *'firstfin bench'* && $code == 1 ]] && continue # a busy machine spoils repetitions, and it says so
    if ((code != 0)); then
        tail -n 40 /tmp/firstfin-readme.out
        printf 'exit code %d\n' "$code"
        exit 1
    fi
done
rm -f /tmp/firstfin-readme.out

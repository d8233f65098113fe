#!/usr/bin/env bash
# cmake --install gives programs that find each other and the profiles, wherever they are put.
set -euo pipefail
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$1" --prefix "$prefix" >/dev/null
"$prefix/bin/firstfin" run --server nginx --client firefox --plan
for program in firstfin firstfin-server firstfin-client; do "$prefix/bin/$program" --help >/dev/null; done

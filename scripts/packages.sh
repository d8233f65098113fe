# The Debian packages this project needs; sourced by the launcher and the test runner.
# shellcheck shell=bash disable=SC2034

build_packages=(g++ cmake ninja-build pkg-config libboost1.81-dev libboost-json1.81-dev libtomlplusplus-dev libcli11-dev
    libfmt-dev libsqlite3-dev libmnl-dev libpcap-dev libpcre2-dev)
# python3-jsonschema: what we print for other programs is held against their schemas.
test_packages=(libgtest-dev libbenchmark-dev iproute2 python3-jsonschema)
# Independent readers of what we measure, and real programs for either side: needed by ./run-tests --all alone. Any
# nodejs from 18 on serves; apache2-bin is Apache without a service that starts.
peer_packages=(tshark nginx-light apache2-bin lighttpd haproxy caddy gunicorn uvicorn nodejs firefox-esr chromium curl wrk
    python3-requests python3-httpx python3-aiohttp golang-go)
# clang's fuzzer: needed by the fuzz preset, and so by ./run-tests --all.
fuzz_packages=(clang-14 libclang-rt-14-dev)

# Prints those of its arguments that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

# Installs what is missing, with root's rights for apt alone; without them says the line to type and exits 3.
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    printf 'firstfin needs these Debian packages: %s\n' "${missing[*]}" >&2
    local as_root=()
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -v; then
            printf 'Install them as root, then try again:\n  apt-get update && apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
            exit 3
        fi
        as_root=(sudo)
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } >&2; then
        printf 'apt-get could not install them. Type it yourself to see why:\n  apt-get update && apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
        exit 3
    fi
}

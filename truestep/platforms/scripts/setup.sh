#!/usr/bin/env bash
# usage: setup.sh [ROOT]     a Python with what truestep needs, in ROOT/venv; truestep itself lies in ROOT/source
set -euo pipefail
root=${1:-/autograder}
export DEBIAN_FRONTEND=noninteractive

usable() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1
}
found() {
    for python in python3 python3.13 python3.12 python3.11; do
        if usable "$python"; then return 0; fi
    done
    return 1
}
if ! found; then
    apt-get update
    for version in 3 3.13 3.12 3.11; do
        apt-get install -y "python$version" "python$version-venv" || true
        if found; then break; fi
    done
fi
if found; then
    "$python" -m venv "$root/venv"
else  # an old Ubuntu: a Python from elsewhere
    apt-get install -y python3-pip
    python3 -m pip install uv
    python3 -m uv venv --seed --python 3.12 "$root/venv"
fi
"$root/venv/bin/python" -m pip install --no-cache-dir -r "$root/source/requirements.txt"
cd "$root/source"
"$root/venv/bin/python" -m truestep --version

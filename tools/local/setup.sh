#!/usr/bin/env bash
# Makes .venv (what develops, tests and synthesises) and .venv-emulator (the local AWS and what Lambda itself ships),
# both from the locked requirements. Does nothing when they are up to date. Says what it does, with the time it took.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '%s %s\n' "setup:" "$*" >&2; }

# Lambda runs 3.13, so 3.13 comes first; the code supports 3.11 and later.
find_python() {
    local candidate
    for candidate in "${POSTCALL_PYTHON:-}" "$HOME"/.pyenv/versions/3.13.*/bin/python python3.13 python3.12 python3.11 python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "no Python 3.11 or later was found: install one, or name it in POSTCALL_PYTHON."
    exit 1
}

stamp_of() { cat requirements/uv.txt "$1" pyproject.toml tools/local/setup.sh | sha256sum | cut -d' ' -f1; }

make_environment() { # folder, requirements, label
    local folder=$1 requirements=$2 label=$3 stamp
    stamp=$(stamp_of "$requirements")
    if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
    local begun=$SECONDS
    if [ ! -x "$folder/bin/python" ]; then
        say "making $folder with $("$(find_python)" --version) …"
        "$(find_python)" -m venv "$folder"
    fi
    say "installing $label (locked, a minute the first time) …"
    if [ "$folder" = .venv ]; then
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
    fi
    VIRTUAL_ENV=$PWD/$folder .venv/bin/uv pip sync --quiet --require-hashes "$requirements"
    if [ "$folder" = .venv ]; then
        .venv/bin/uv pip install --quiet --no-deps --no-build-isolation -e .
    fi
    echo "$stamp" >"$folder/.stamp"
    say "$folder is ready ($((SECONDS - begun)) s)."
}

make_environment .venv requirements/dev.txt "the development tools"
make_environment .venv-emulator requirements/emulator.txt "the local AWS"

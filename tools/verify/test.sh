#!/usr/bin/env bash
# Runs the checks and the tests, each kind with its time and its count; stops at the first kind that fails.
# Usage: tools/verify/test.sh [check|unit|contract|integration|infra|verify|e2e]; without an argument all of them.
set -euo pipefail
cd "$(dirname "$0")/../.."
unset PYTHONDONTWRITEBYTECODE
reports=.local/reports
mkdir -p "$reports"
bin=.venv/bin
# The infra tests load the CDK once a process, so they run in one.
workers=$(( $(nproc) > 4 ? 4 : $(nproc) ))

say() { printf '\n== %s\n' "$*"; }

check() {
    say "format, lint, types, import contracts"
    $bin/ruff format --check -q .
    $bin/ruff check -q .
    $bin/mypy
    $bin/lint-imports >"$reports/imports.txt" || { cat "$reports/imports.txt"; exit 1; }
    grep -E "^Contracts:" "$reports/imports.txt"
    # The console's JavaScript is served as it is written; TypeScript only reads its types.
    [ -x node_modules/.bin/tsc ] || PATH=$PWD/$bin:$PATH npm ci --silent
    PATH=$PWD/$bin:$PATH node_modules/.bin/tsc -p .
}

tests() { # kind, more pytest arguments
    local kind=$1
    shift
    local begun=$SECONDS
    say "$kind tests"
    local folder=tests/$kind
    if [ "$kind" = verify ]; then folder=tools/verify/tests; fi
    $bin/python -m pytest "$folder" -q --junit-xml="$reports/$kind.xml" "$@"
    echo "$kind: $((SECONDS - begun)) s"
}

run() {
    case $1 in
        check) check ;;
        unit | contract | integration | verify) tests "$1" -n "$workers" ;;
        infra) tests "$1" ;;
        e2e)
            tools/local/install_browser.sh
            tests e2e -n "$workers" --dist loadfile  # a stack a worker: they mostly wait
            ;;
        *) echo "test.sh: unknown kind '$1'" >&2; exit 2 ;;
    esac
}

if [ $# -gt 0 ]; then
    for kind in "$@"; do run "$kind"; done
    exit 0
fi
# The type checker and the CDK are one process each: side by side they take the time of one.
run infra >"$reports/infra.txt" 2>&1 &
infra=$!
trap wait EXIT
run check
wait "$infra" || { cat "$reports/infra.txt"; exit 1; }
cat "$reports/infra.txt"
for kind in unit contract integration verify e2e; do run "$kind"; done
say "all kinds"
exec $bin/python -m tools.verify.count "$reports"

#!/usr/bin/env bash
# Runs the checks and the tests with their times and counts; stops at the first that fails.
# Usage: tools/verify/test.sh [check|unit|contract|integration|infra|verify|e2e|long]
# Without an argument: the checks and all tests but the long ones. `long`: the whole of every proof that was short there,
# and every property with all of its examples.
set -euo pipefail
cd "$(dirname "$0")/../.."
unset PYTHONDONTWRITEBYTECODE
reports=.local/reports
mkdir -p "$reports"
bin=.venv/bin
workers=$(( $(nproc) > 4 ? 4 : $(nproc) ))
in_process=(tools/verify/tests tests/integration tests/contract tests/unit) # the long ones first: what is left to share is short
quick=(-m "not long")
whole=(-m "long or hypothesis" --hypothesis-profile=long)

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

tests() { # the report's name, pytest's arguments
    local name=$1
    shift
    local begun=$SECONDS
    say "${name//_/ } tests"
    $bin/python -m pytest -q --junit-xml="$reports/$name.xml" "$@"
    echo "$name: $((SECONDS - begun)) s"
}

spread=(-n "$workers" --dist worksteal)
a_stack_a_worker=(-n "$workers" --dist loadfile)

run() {
    case $1 in
        check) check ;;
        unit | contract | integration) tests "$1" "tests/$1" "${quick[@]}" "${spread[@]}" ;;
        verify) tests verify tools/verify/tests "${quick[@]}" "${spread[@]}" ;;
        in_process) tests in_process "${in_process[@]}" "${quick[@]}" "${spread[@]}" ;;
        infra) tests infra tests/infra "${quick[@]}" ;; # the CDK is loaded once a process
        e2e)
            tools/local/install_browser.sh
            tests e2e tests/e2e "${quick[@]}" "${a_stack_a_worker[@]}"
            ;;
        long)
            tools/local/install_browser.sh
            tests long_in_process "${in_process[@]}" tests/infra "${whole[@]}" "${spread[@]}"
            tests long_e2e tests/e2e "${whole[@]}" "${a_stack_a_worker[@]}"
            say "the long proofs"
            $bin/python -m tools.verify.count "$reports" long_in_process long_e2e
            ;;
        *) echo "test.sh: unknown kind '$1'" >&2; exit 2 ;;
    esac
}

if [ $# -gt 0 ]; then
    for kind in "$@"; do run "$kind"; done
    exit 0
fi
rm -f "$reports"/*.xml
# Beside the others, so that no core is idle: the tests against the local stack mostly wait, those of the templates and the
# checks are one process each.
declare -A beside
trap wait EXIT
for kind in check e2e infra; do
    run "$kind" >"$reports/$kind.txt" 2>&1 &
    beside[$kind]=$!
done
run in_process
for kind in check infra e2e; do
    wait "${beside[$kind]}" || { cat "$reports/$kind.txt"; exit 1; }
    cat "$reports/$kind.txt"
done
say "all kinds"
exec $bin/python -m tools.verify.count "$reports"

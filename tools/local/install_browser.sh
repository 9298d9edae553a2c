#!/usr/bin/env bash
# Brings what the browser tests need and no Python package carries: Debian's Chromium, and axe-core from npm (pinned in
# package.json). Does nothing when both are there. Says what it does, with the time it took.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '%s %s\n' "browser:" "$*" >&2; }

if ! command -v chromium >/dev/null; then
    begun=$SECONDS
    say "installing Chromium from Debian's packages …"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
    say "Chromium is ready ($((SECONDS - begun)) s)."
fi

if [ ! -f node_modules/axe-core/axe.min.js ]; then
    begun=$SECONDS
    say "installing axe-core (pinned) …"
    npm ci --silent
    say "axe-core is ready ($((SECONDS - begun)) s)."
fi

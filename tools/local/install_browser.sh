#!/usr/bin/env bash
# Brings what the browser tests need, without root and without a system package: Chromium and axe-core from npm, pinned in
# package.json. Chromium comes packed; it is unpacked once, into node_modules/.browser, and stays there only if it runs.
# Does nothing when all is there. Says what it does, with the time it took.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PWD/.venv/bin:$PATH # Node is one of the development tools
packed=node_modules/@sparticuz/chromium/bin
folder=node_modules/.browser

say() { printf '%s %s\n' "browser:" "$*" >&2; }
unpacked() { node -e 'process.stdin.pipe(zlib.createBrotliDecompress()).pipe(process.stdout)' <"$1"; }

begun=$SECONDS
if [ ! -d "$packed" ] || [ ! -f node_modules/axe-core/axe.min.js ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "installing Chromium and axe-core (pinned) …"
    npm ci --silent
fi
[ ! -d "$folder" ] || exit 0

new=$(mktemp -d node_modules/.browser.XXXXXX)
trap 'rm -rf "$new"' EXIT
unpacked "$packed/chromium.br" >"$new/chromium"
chmod +x "$new/chromium"
for part in al2023 fonts; do unpacked "$packed/$part.tar.br" | tar -x --no-same-owner -C "$new"; done
# Its own fonts first, so that it needs none of the system's; those lend what signs it lacks.
cat >"$new/fonts.conf" <<'XML'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
XML
if LD_LIBRARY_PATH=$new/lib "$new/chromium" --version >/dev/null; then
    mv -T "$new" "$folder"
    say "Chromium is ready ($((SECONDS - begun)) s)."
else
    say "npm's Chromium does not run on this machine: the system's is used if there is one."
fi

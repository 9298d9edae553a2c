#!/usr/bin/env bash
# `versionReporting: false` in cdk.json does not switch the CDK CLI's telemetry off; on the command line the same option does.
# Only the CLI's own status command is asked, with no endpoint, so nothing is sent.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
export HOME=$place TELEMETRY_ENDPOINT='' # an own home: no opt-out of this user's; an empty endpoint: no sender
unset CDK_DISABLE_CLI_TELEMETRY
npm install --silent --no-audit --no-fund aws-cdk@2.1148.1 >/dev/null

status() { # status CDK_JSON [OPTION...]: what the CLI says of itself
    echo "$1" >cdk.json
    shift
    node_modules/.bin/cdk cli-telemetry --status "$@" 2>&1 | grep -o 'CLI Telemetry is [a-z]*'
}

echo "aws-cdk $(node_modules/.bin/cdk --version --no-notices)"
node_modules/.bin/cdk cli-telemetry --help | grep -A 2 -e '--version-reporting'
file=$(status '{"notices": false, "versionReporting": false}')
option=$(status '{"notices": false}' --no-version-reporting)
context=$(status '{"notices": false, "context": {"cli-telemetry": false}}')
echo "cdk.json: versionReporting false          -> $file"
echo "command line: --no-version-reporting      -> $option"
echo "cdk.json: context cli-telemetry false     -> $context"
[[ $file == *enabled && $option == *disabled && $context == *disabled ]] || {
    echo "the behaviour is not seen any more" >&2
    exit 1
}
echo "Hurt: teams that may report nothing to a vendor and wrote versionReporting: false, as the option's help suggests."

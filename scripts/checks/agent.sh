#!/bin/sh
# Builds the guest agent with warnings as errors, and runs its C tests under the sanitizers.
set -eu
cd "$(dirname "$0")/../../native-helpers/guest-agent"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
make --no-print-directory --silent OUT="$out"
make --no-print-directory --silent asan OUT="$out"
"$out/codec-test" golden/frames.txt
"$out/changes-test"
"$out/hold-test"

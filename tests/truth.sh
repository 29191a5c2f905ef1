#!/usr/bin/env bash
# Every subset of the sources, silent, slow, hanging, denied or empty, beside the truth: takes about half an
# hour on two cores. The suite runs a sample of it.
#
#   tests/truth.sh                                every subset, in each way, and once with the ways mixed
#   tests/truth.sh combinations                   each of the four sources in each way, in all combinations
#   tests/truth.sh convoso=silent,wfm=empty well  only these cases
#
# TRUTH_AT_ONCE=12: so many at once.
set -euo pipefail
cd "$(dirname "$0")/.."
export TRUTH_CASES="${*:-subsets}" TRUTH_AT_ONCE="${TRUTH_AT_ONCE:-12}"
outcome=$(mktemp)
cargo test --locked --test binary -- --exact --nocapture \
    truth::what_stands_there_without_a_mark_is_so_whatever_fails 2>"$outcome" | tail -n 3 || true
right=$(grep -c ': right$' "$outcome" || true)
wrong=$(grep -c ': WRONG$' "$outcome" || true)
echo "$right right, $wrong wrong; see $outcome"
[ "$wrong" -eq 0 ] && [ "$right" -gt 0 ]

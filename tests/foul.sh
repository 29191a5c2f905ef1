#!/bin/sh
# Ten minutes of foul weather: the dashboard runs on the simulated floor while random faults come and
# go, its memory is looked at after two minutes and at the end, the requests of every source are
# counted against its budget, and every key is answered in time. The seed of the faults is printed.
#     tests/foul.sh [SECONDS [SEED]]
set -eu
cd "$(dirname "$0")/.."
FLOORWATCH_FOUL_SECONDS="${1:-600}" FLOORWATCH_FOUL_SEED="${2:-}" exec cargo test --release --test binary \
    foul::random_faults_cost_no_memory_no_request_too_many_and_no_key -- --exact --nocapture

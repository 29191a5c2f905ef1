#!/bin/sh
# The whole ten minutes at the pace of a real floor: the dashboard runs, is killed, runs again, and
# everybody's times are compared with what was so. The usual tests do the same in about a minute.
set -eu
cd "$(dirname "$0")/.."
FLOORWATCH_KPI_SECONDS="${1:-600}" exec cargo test --test binary \
    kpi::killed_and_started_again_it_tells_the_times_of_everybody -- --exact --nocapture

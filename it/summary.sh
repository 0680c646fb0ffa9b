#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Partita authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints how long each part of `mvn verify` took to test, slowest last, and every skipped test with its reason.
# usage: summary.sh ROOT
set -euo pipefail
cd "$1"

part() { # name, report folder: sums the attributes of the <testsuite> elements
  local reports=("$2"/TEST-*.xml)
  [[ -e ${reports[0]} ]] || return 0
  cat "${reports[@]}" | tr '\n' ' ' | grep -oE '<testsuite [^>]*>' | awk -v name="$1" '
    function attribute(key) { return match($0, " " key "=\"[0-9.]+\"") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4) : 0 }
    { time += attribute("time"); tests += attribute("tests"); bad += attribute("failures") + attribute("errors"); skipped += attribute("skipped") }
    END { printf "%6.1f s  %-12s %4d tests, %d failed, %d skipped\n", time, name, tests, bad, skipped }'
}

echo '=== seconds per part'
{
  part native native/target/surefire-reports
  part app app/target/surefire-reports
  part it it/target/surefire-reports
  for folder in it/target/failsafe-reports/*/; do
    part "$(basename "$folder")" "${folder%/}"
  done
} | sort -n

skips=$(cat {native,app,it}/target/surefire-reports/TEST-*.xml it/target/failsafe-reports/*/TEST-*.xml 2>/dev/null | tr '\n' ' ' \
  | grep -oE '<testcase [^>]*> *<skipped[^>]*' | sed -E 's/.* name="([^"]*)".* classname="([^"]*)".*<skipped/\2.\1/; s/ (type="[^"]*"|message=)//g' || true)
[[ -z $skips ]] || printf '=== skipped\n%s\n' "$skips"

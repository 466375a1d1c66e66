#!/usr/bin/env bash
# Counts the instructions of rating a month with valgrind: one clause of the benchmark's contract
# after the other, then all five. A count hardly changes between runs and machines, as times do, so
# that a regression of some per cent is seen.
#
#   Scripts/callgrind.sh PROGRAM [CLAUSE...]
set -euo pipefail

program=$1
shift
clauses=("$@")
[ ${#clauses[@]} -gt 0 ] || clauses=(power running starts inspections access all)
# Two runs of different lengths: what is left of their difference is no start of a program.
few=50 many=250
# Swift gives its tables another order in every process, unless it is told not to.
export SWIFT_DETERMINISTIC_HASHING=1
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

# Valgrind gives up over the debugging information that Swift writes; nothing of it is needed here.
strip --strip-debug -o "$work/program" "$program"

instructions() {
  local words=(rating-loop --times "$2")
  [ "$1" = all ] || words+=(--clause "$1")
  valgrind --tool=callgrind --callgrind-out-file="$work/out" "$work/program" "${words[@]}" \
    >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$work/log"
}

printf '%-14s%24s%24s\n' clause 'instructions a rating' 'a clause'
for clause in "${clauses[@]}"; do
  short=$(instructions "$clause" $few)
  long=$(instructions "$clause" $many)
  rating=$(((long - short) / (many - few)))
  count=1
  [ "$clause" = all ] && count=5
  printf '%-14s%24d%24d\n' "$clause" "$rating" $((rating / count))
done

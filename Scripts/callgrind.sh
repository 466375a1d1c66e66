#!/usr/bin/env bash
# Counts the instructions of rating a month with valgrind: a clause of every kind, with those it
# rests on and without it, and then the benchmark's contract of five. A count hardly changes between
# runs and machines, as times do, so that a regression of some per cent is seen.
#
#   Scripts/callgrind.sh USANCE_BENCH [CLAUSE...]
set -euo pipefail

program=$1
shift
clauses=("$@")
[ ${#clauses[@]} -gt 0 ] || clauses=(
  power running starts inspections access payments regions night service least most coupons credit
  cases availability savings points scores held partner minimum at-risk all
)
# Two runs of different lengths: what is left of their difference is no start of a program.
few=50 many=250
# Swift gives its tables another order in every process, unless it is told not to.
export SWIFT_DETERMINISTIC_HASHING=1
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

# Valgrind gives up over the debugging information that Swift writes; nothing of it is needed here.
strip --strip-debug -o "$work/program" "$program"

instructions() {
  valgrind --tool=callgrind --callgrind-out-file="$work/out" "$work/program" rating-loop "$@" \
    >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$work/log"
}

rating() {
  local short long
  short=$(instructions --times $few "$@")
  long=$(instructions --times $many "$@")
  echo $(((long - short) / (many - few)))
}

printf '%-14s%24s%24s\n' clause 'instructions a rating' 'a clause'
for clause in "${clauses[@]}"; do
  if [ "$clause" = all ]; then
    whole=$(rating)
    alone=$((whole / 5))
  else
    whole=$(rating --clause "$clause")
    alone=$((whole - $(rating --clause "$clause" --beneath)))
  fi
  printf '%-14s%24d%24d\n' "$clause" "$whole" "$alone"
done

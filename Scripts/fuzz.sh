#!/usr/bin/env bash
# Builds the programs of Tests/Fuzz with libFuzzer and the checks of the address sanitizer, and runs
# each for FUZZ_SECONDS (60). They are built here and not by the package, because everything they
# call is compiled with the sanitizers' instructions in it. Ends badly where one of them ends early.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-60}
folder=.build/fuzz
mkdir -p "$folder"

library=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/clang
if ! find -L "$library" -name 'libclang_rt.fuzzer-*.a' 2>/dev/null | grep -q .; then
  echo "This Swift has no libFuzzer; nothing was fuzzed."
  exit 0
fi

compile=(swiftc -swift-version 6 -package-name usance -O -g -parse-as-library
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility "-sanitize=fuzzer,address" -use-ld=lld -I "$folder")

module() { # name, files
  local name=$1
  shift
  "${compile[@]}" -wmo -module-name "$name" -emit-module \
    -emit-module-path "$folder/$name.swiftmodule" -c -o "$folder/$name.o" "$@"
}

echo "Building the programs of Tests/Fuzz"
# Digests alone need a package of others, and nothing here asks for one.
mapfile -t base < <(find Sources/Core/Base -name '*.swift' ! -name Digest.swift | sort)
module Base "${base[@]}"
mapfile -t ingestion < <(find Sources/Core/Ingestion -name '*.swift' | sort)
module Ingestion "${ingestion[@]}"

for program in Tests/Fuzz/*.swift; do
  name=$(basename "$program" .swift)
  "${compile[@]}" -module-name "$name" -o "$folder/$name" "$program" \
    "$folder/Base.o" "$folder/Ingestion.o"
  # Found inputs are kept beside the seeds, so that a second run goes on from the first.
  mkdir -p "$folder/$name.corpus"
  echo "Running $name for $seconds seconds"
  if ! "$folder/$name" -max_total_time="$seconds" -max_len=2048 -timeout=10 -rss_limit_mb=2048 \
    -verbosity=0 -print_final_stats=1 -artifact_prefix="$folder/$name-" \
    "$folder/$name.corpus" "Tests/Fuzz/Corpus/$name" 2>"$folder/$name.log"; then
    grep -E -m 1 -A 20 'ERROR|Fatal error' "$folder/$name.log" >&2 || tail "$folder/$name.log" >&2
    echo "$name ended early; the input that ended it is in $folder." >&2
    exit 1
  fi
  grep 'number_of_executed_units' "$folder/$name.log"
done

#!/usr/bin/env bash
# Installs the published Python packages that Tests/ConformanceTests runs, pinned, each set
# into a virtual environment of its own below .build/conformance. Nothing outside .build changes,
# except that Debian's python3-venv is installed where it is missing. Where PyPI cannot be reached
# it says so and ends well, and the tests that need the packages skip.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/conformance

for list in Tests/ConformanceTests/Python/*.txt; do
  environment=$folder/$(basename "$list" .txt)
  # The list is copied last, so it is there only where everything on it is.
  if cmp --silent "$list" "$environment/installed.txt"; then continue; fi
  python3 -c 'import ensurepip, venv' 2>/dev/null || Scripts/install-packages.sh python3-venv
  echo "Installing the Python packages of $list into $environment"
  rm -rf "$environment"
  if python3 -m venv "$environment" &&
    "$environment/bin/pip" install --quiet --disable-pip-version-check --timeout 10 --retries 1 \
      --no-deps --requirement "$list"; then
    cp "$list" "$environment/installed.txt"
  else
    echo "They could not be installed; ConformanceTests will skip what needs them." >&2
    rm -rf "$environment"
  fi
done

#!/usr/bin/env bash
# Installs the Debian packages named, as far as they are missing; says plainly what it does.
set -euo pipefail

missing=()
for package in "$@"; do
  dpkg-query --show --showformat '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
    missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=()
elif command -v sudo >/dev/null && sudo --non-interactive true 2>/dev/null; then
  as_root=(sudo)
else
  echo "These packages are missing, and I may not install them: ${missing[*]}" >&2
  echo "Please run: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

echo "Installing the packages that are missing: ${missing[*]}"
"${as_root[@]}" apt-get update --quiet=2
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install --quiet=2 --yes \
  --no-install-recommends "${missing[@]}" >/dev/null

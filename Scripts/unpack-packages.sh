#!/usr/bin/env bash
# Downloads the Debian packages named and unpacks each below .build/packages, as far as they are
# missing there. They are not installed: nginx, Caddy and Prometheus come with services that would
# start. Where one cannot be had it says so and ends well, and what needs it is not checked.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.build/packages

download() { # package, folder
  (cd "$2" && apt-get download --quiet=2 "$1" 2>/dev/null)
}

for package in "$@"; do
  [ ! -d "$folder/$package" ] || continue
  echo "Unpacking the package $package into $folder"
  part=$(mktemp --directory)
  trap 'rm -rf "$part"' EXIT
  # The lists of a new machine are empty until the first update, which is for root.
  if download "$package" "$part" || { apt-get update --quiet=2 && download "$package" "$part"; }
  then
    dpkg --extract "$part"/*.deb "$part/root"
    mkdir -p "$folder"
    mv "$part/root" "$folder/$package"
  else
    echo "The package $package could not be had; what needs it is not checked." >&2
  fi
  rm -rf "$part"
done

#!/usr/bin/env bash
# Checks everything in this folder with what is installed, and says what it could not check.
# Ends with 1 where it finds something wrong. To have all of it checked, on Debian 12:
#   apt-get install nginx-light caddy openssl prometheus python3-yaml shellcheck systemd
set -uo pipefail
cd "$(dirname "$0")" || exit 2

readonly exposure_max=1.5
work=$(mktemp --directory) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

have() { command -v "$1" >/dev/null 2>&1; }

skip() {
  skipped=$((skipped + 1))
  printf 'not checked  %s\n' "$1"
}

# check WHAT COMMAND...: the command is to end with 0; what it prints is shown where it does not.
check() {
  local what=$1
  shift
  if "$@" >"$work/output" 2>&1; then
    passed=$((passed + 1))
    printf 'ok           %s\n' "$what"
  else
    failed=$((failed + 1))
    printf 'WRONG        %s\n' "$what"
    sed 's/^/             | /' "$work/output"
  fi
}

shell_scripts() {
  check 'lint.sh: syntax' bash -n lint.sh
  if have shellcheck; then
    check 'lint.sh: shellcheck' shellcheck lint.sh
  else
    skip 'lint.sh: shellcheck is not installed'
  fi
}

unit() {
  if ! have systemd-analyze || ! systemd-analyze --help | grep -q -- '--offline'; then
    skip 'usance.service: systemd-analyze is not installed, or older than 250'
    return
  fi
  # The binary need not be installed here; something that surely is stands in for it.
  sed "s|^ExecStart=/usr/local/bin/usance |ExecStart=$(command -v env) |" usance.service \
    >"$work/usance.service"
  check 'usance.service: systemd-analyze verify' unit_is_understood
  check "usance.service: exposure at most $exposure_max" \
    systemd-analyze security --no-pager --offline=true \
    --threshold="$(printf '%s' "$exposure_max" | tr -d .)" "$work/usance.service"
  # The options must be options of `usance serve`: of the binary, where one is built.
  local usance=../.build/debug/usance
  [ -x "$usance" ] || usance=../.build/release/usance
  if "$usance" --version >/dev/null 2>&1; then
    check 'usance.service, Containerfile: options of usance serve' known_options "$usance"
  else
    skip 'usance.service, Containerfile: options of usance serve, because none is built that runs here'
  fi
}

# It ends with 0 over a line that it does not know, so what it says about this file counts.
unit_is_understood() {
  local output
  output=$(systemd-analyze verify --man=no --recursive-errors=no "$work/usance.service" 2>&1) || {
    printf '%s\n' "$output"
    return 1
  }
  ! grep -F usance.service <<<"$output"
}

known_options() {
  local help option unknown=0
  help=$("$1" serve --help) || return 1
  while read -r option; do
    grep -qE -- "(^|[^a-z-])$option([^a-z-]|\$)" <<<"$help" || {
      echo "usance serve has no option $option"
      unknown=1
    }
  done < <(grep -hE '^(ExecStart=|CMD )' usance.service Containerfile |
    grep -oE -- '--[a-z-]+' | sort -u)
  return "$unknown"
}

prometheus() {
  if ! have promtool; then
    skip 'prometheus/: promtool is not installed'
    return
  fi
  check 'prometheus/alerts.yaml: promtool check rules' promtool check rules prometheus/alerts.yaml
  check 'prometheus/alerts.test.yaml: promtool test rules' \
    promtool test rules prometheus/alerts.test.yaml
  check 'prometheus/scrape.example.yaml: promtool check config' \
    promtool check config --syntax-only prometheus/scrape.example.yaml
  check 'prometheus/: every alert is tested' each_alert_is_tested
  check 'prometheus/: every metric is one of the server' each_metric_exists
}

each_alert_is_tested() {
  local alert untested=0
  while read -r alert; do
    grep -q "alertname=\"$alert\"" prometheus/alerts.test.yaml || {
      echo "$alert never fires in a test"
      untested=1
    }
  done < <(sed -n 's/^ *- alert: *//p' prometheus/alerts.yaml)
  return "$untested"
}

each_metric_exists() {
  local metric unknown=0
  while read -r metric; do
    grep -rqF "\"$metric\"" ../Sources/Edge/Server || {
      echo "$metric is not measured in Sources/Edge/Server"
      unknown=1
    }
  done < <(grep -ohE 'usance_[a-z_]+' prometheus/alerts.yaml | sort -u)
  return "$unknown"
}

containerfile() {
  check 'Containerfile: base images, user, copied files' containerfile_rules
  if have hadolint; then
    check 'Containerfile: hadolint' hadolint Containerfile
  else
    skip 'Containerfile: hadolint is not installed'
  fi
  skip 'Containerfile: it was not built; that takes minutes and the base images (see README.md)'
}

containerfile_rules() {
  local bad=0 image source
  # A base image has a version, and that version is not "latest".
  while read -r image; do
    case ${image##*/} in
    *:latest*) echo "$image is whatever is newest" && bad=1 ;;
    *:*) ;;
    *) echo "$image has no version" && bad=1 ;;
    esac
  done < <(
    sed -nE 's/^ARG [A-Z]+_IMAGE=//p' Containerfile
    sed -nE 's/^FROM ([^$ ]+).*/\1/p' Containerfile
  )
  # What it copies from the work tree is there.
  while read -r source; do
    [ -e "../$source" ] || { echo "COPY $source: there is no such file" && bad=1; }
  done < <(awk '/^COPY [^-]/ { for (i = 2; i < NF; i++) print $i }' Containerfile)
  # The folders that Package.swift names are all there for the build.
  for source in Migrations Sources Tests; do
    grep -qE "^COPY $source $source\$" Containerfile || { echo "no COPY $source" && bad=1; }
  done
  grep -E '^USER ' Containerfile | tail -1 | grep -qE '^USER [1-9][0-9]*:[1-9][0-9]*$' ||
    { echo 'the last USER must be a number other than 0' && bad=1; }
  return "$bad"
}

yaml() {
  local files=(compose.yaml prometheus/*.yaml) file
  if have python3 && python3 -c 'import yaml' 2>/dev/null; then
    for file in "${files[@]}"; do
      check "$file: YAML" python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$file"
    done
  elif have yamllint; then
    check 'YAML' yamllint --no-warnings --config-data '{extends: relaxed}' "${files[@]}"
  else
    skip "${files[*]}: neither python3-yaml nor yamllint is installed"
  fi
  if have docker && docker compose version >/dev/null 2>&1; then
    check 'compose.yaml: docker compose config' docker compose --file compose.yaml config --quiet
  else
    skip 'compose.yaml: docker compose is not installed, so only its YAML was read'
  fi
}

proxies() {
  if have nginx && have openssl; then
    check 'proxy/usance.nginx.conf: nginx -t' nginx_reads
  else
    skip 'proxy/usance.nginx.conf: nginx or openssl is not installed'
  fi
  if have caddy; then
    check 'proxy/Caddyfile: caddy adapt' \
      env HOME="$work" caddy adapt --config proxy/Caddyfile --adapter caddyfile
  else
    skip 'proxy/Caddyfile: caddy is not installed'
  fi
}

nginx_reads() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=usance.example.com \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null || return 1
  sed -e "s|/etc/ssl/certs/[^;]*|$work/certificate.pem|" \
    -e "s|/etc/ssl/private/[^;]*|$work/key.pem|" proxy/usance.nginx.conf >"$work/site.conf"
  printf 'pid %s/pid; events {} http { access_log off; include %s/site.conf; }\n' \
    "$work" "$work" >"$work/nginx.conf"
  nginx -t -e "$work/error.log" -c "$work/nginx.conf"
}

shell_scripts
unit
prometheus
containerfile
yaml
proxies
printf '%d ok, %d wrong, %d not checked\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# Checks everything in this folder with what is there, and says what it could not check. Ends with
# 1 where it finds something wrong. `make lint-deploy` gets the programs it uses; the binary is that
# of `make test`, or else of `make release`, or the one named:
#   deploy/lint.sh [BINARY]
set -uo pipefail
binary=${1:+$(realpath "$1")}
cd "$(dirname "$0")" || exit 2

readonly exposure_max=1.5
# What a check ends with where the machine does not allow it; its last line says why.
readonly cannot=75
for folder in "$PWD"/../.build/packages/*/usr/{sbin,bin}; do PATH=$PATH:$folder; done
export PYTHONDONTWRITEBYTECODE=1
for built in ../.build/{debug,release}/usance; do
  [ -n "$binary" ] || ! "$built" --version >/dev/null 2>&1 || binary=$built
done
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
  local what=$1 status=0
  shift
  "$@" >"$work/output" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    passed=$((passed + 1))
    printf 'ok           %s\n' "$what"
  elif [ "$status" -eq "$cannot" ]; then
    skip "$what: $(tail -1 "$work/output")"
  else
    failed=$((failed + 1))
    printf 'WRONG        %s\n' "$what"
    sed 's/^/             | /' "$work/output"
  fi
}

# The same for a check that runs the service.
check_binary() {
  if [ -n "$binary" ]; then check "$@"; else skip "$1: no usance is built that runs here"; fi
}

scripts() {
  check 'lint.sh: syntax' bash -n lint.sh
  if have shellcheck; then
    check 'lint.sh, Scripts: shellcheck' shellcheck lint.sh ../Scripts/*.sh ../.ci/run
  else
    skip 'lint.sh, Scripts: shellcheck is not installed'
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
  check_binary 'usance.service, Containerfile: options of usance serve' known_options
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
  help=$("$binary" serve --help) || return 1
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
  check 'Containerfile: base images, user' containerfile_rules
  check 'Containerfile: every file that the build needs is copied' scripts/copied_files.py
  if have hadolint; then
    check 'Containerfile: hadolint' hadolint Containerfile
  else
    skip 'Containerfile: hadolint is not installed'
  fi
  check_binary 'Containerfile: the image of its last stage, unpacked, answers /livez' image_answers
}

image_answers() {
  local folder=../.build/image
  scripts/assemble_image.py "$binary" "$folder/checked.tar" || return
  scripts/check_image.py "$folder/checked.tar" || return
  rm -rf "$folder"/{checked.tar,unpacked,volumes}
}

containerfile_rules() {
  local bad=0 image
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
  check_binary 'proxy/usance.nginx.conf: 12 MB of events go through nginx' \
    scripts/check_proxy.py nginx "$binary"
  check_binary 'proxy/Caddyfile: 12 MB of events go through caddy' \
    scripts/check_proxy.py caddy "$binary"
}

scripts
unit
prometheus
containerfile
yaml
proxies
printf '%d ok, %d wrong, %d not checked\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]

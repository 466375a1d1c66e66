#!/usr/bin/env python3
"""Posts through a real proxy that has the configuration of ../proxy, to a real service.

    check_proxy.py nginx|caddy BINARY

Both run as their files are written, on ports 443 and 8080 of a network of their own; only the
certificate is made here. 12 MB of events in NDJSON must be stored, by HTTP/2 and by HTTP/1.1. What
is too large must be refused in the words of Usance; Caddy hangs up instead, now and then.

Ends with 75 where it cannot be done: without root, curl or openssl.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import apart

PROXY = Path(__file__).resolve().parent.parent / "proxy"
NAME = "usance.example.com"
SECONDS_MAX = 60
EVENTS = 12_000

MAIN_OF_NGINX = """
user root;
pid {folder}/nginx.pid;
error_log {folder}/proxy.log warn;
events {{}}
http {{
  access_log {folder}/proxy.log;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/answers;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/site.conf;
}}
"""

MAIN_OF_CADDY = """
{{
	admin off
	local_certs
	skip_install_trust
	storage file_system {folder}/storage
}}
import {site}
"""


def say(text):
    print(text, flush=True)


def start_nginx(folder):
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         f"/CN={NAME}", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = (PROXY / "usance.nginx.conf").read_text()
    site = re.sub(r"/etc/ssl/certs/[^;]*", str(certificate), site)
    site = re.sub(r"/etc/ssl/private/[^;]*", str(key), site)
    (folder / "site.conf").write_text(site)
    main = folder / "nginx.conf"
    main.write_text(MAIN_OF_NGINX.format(folder=folder))
    command = ["nginx", "-e", folder / "proxy.log", "-c", main]
    subprocess.run([*command, "-t", "-q"], check=True)
    return subprocess.Popen([*command, "-g", "daemon off;"])


def start_caddy(folder):
    main = folder / "Caddyfile"
    main.write_text(MAIN_OF_CADDY.format(folder=folder, site=PROXY / "Caddyfile"))
    with open(folder / "proxy.log", "wb") as log:
        return subprocess.Popen(
            ["caddy", "run", "--config", main, "--adapter", "caddyfile"],
            env=os.environ | {"HOME": str(folder)}, stdout=log, stderr=log)


class Answer:
    def __init__(self, status, kind, headers, body):
        self.status = status
        self.kind = kind
        self.headers = headers
        self.body = body


def ask(folder, address, *options):
    """One request by curl, with HTTP/2 unless told otherwise."""
    headers, body = folder / "headers", folder / "body"
    body.unlink(missing_ok=True)
    summary = subprocess.run(
        ["curl", "--silent", "--show-error", "--insecure", "--noproxy", "*", "--max-time",
         str(SECONDS_MAX), "--resolve", f"{NAME}:443:127.0.0.1", "--dump-header", headers,
         "--output", body, "--write-out", "%{http_code} %{http_version} %{content_type}",
         *options, address],
        capture_output=True, text=True, check=False)
    if summary.returncode != 0:
        raise SystemExit(f"{address}: {summary.stderr.strip()}")
    status, version, *kind = summary.stdout.split()
    content = body.read_bytes() if body.exists() else b""
    say(f"{address[:60]}: {status} {' '.join(kind)} (HTTP/{version})")
    return Answer(int(status), kind[0] if kind else "", headers.read_text(), content)


def expect(what, found, expected):
    if found != expected:
        raise SystemExit(f"{what}: {found}; expected {expected}")


def wait(what, condition, seconds=SECONDS_MAX):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(0.1)


class Check:
    def __init__(self, folder, binary):
        self.folder = folder
        self.binary = binary
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        self.site = f"https://{NAME}"

    def usance(self, *arguments):
        command = [self.binary, *arguments, "--data", self.data]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def start(self):
        service = subprocess.Popen(
            [self.binary, "serve", "--data", self.data], stdout=subprocess.PIPE, text=True)
        if "usance: serving" not in service.stdout.readline():
            raise SystemExit("the service does not start")
        token = self.usance("token", "issue", "--role", "operator", "--subject", "check")
        self.token = ["--header", f"Authorization: Bearer {token}"]

    def post(self, path, kind, file, *options):
        return ask(
            self.folder, self.site + path, *self.token, "--header", f"Content-Type: {kind}",
            "--data-binary", f"@{file}", *options)

    def stored(self):
        """Asked past the proxy, which does not give the metrics out."""
        metrics = ask(self.folder, "http://127.0.0.1:8080/metrics", *self.token).body.decode()
        return int(float(re.search(r"^usance_events_stored (\S+)$", metrics, re.M)[1]))

    def events(self):
        """12 MB of events, all of which are to be on the disk at the end."""
        file = self.folder / "events.ndjson"
        with open(file, "w") as lines:
            for number in range(EVENTS):
                lines.write(json.dumps({
                    "specversion": "1.0", "id": f"e-{number}", "source": "//check",
                    "type": "check", "subject": "check", "time": "2026-01-05T08:00:00Z",
                    "data": {"seconds": 1, "note": "x" * 880}}) + "\n")
        expect("12 MB or more", file.stat().st_size >= 12_000_000, True)
        paths = {"/v1/events": "accepted", "/api/v1/events": "duplicates"}
        for (path, count), version in zip(paths.items(), ["--http2", "--http1.1"], strict=True):
            answer = self.post(path, "application/x-ndjson", file, version)
            # 204 to clients made for OpenMeter.
            expect(path, answer.status, 200 if count == "accepted" else 204)
            if answer.body:
                expect(f"{path}: {count}", json.loads(answer.body)[count], EVENTS)
        expect("events stored", self.stored(), EVENTS)

    def catalogs(self):
        """12 MB get through to Usance, whatever it makes of them."""
        file = self.document()
        for path in ["/v1/catalog", "/v1/simulations"]:
            answer = self.post(path, "application/json", file)
            expect(f"{path}: let through", answer.status in (200, 400, 422), True)

    def refusals(self):
        file = self.document()
        refused = [
            ("/v1/customers/check", "application/json", ["--request", "PUT"]),
            ("/v1/events", "application/cloudevents+json", []),
        ]
        for path, kind, options in refused:
            for version in ["--http2", "--http1.1"]:
                answer = self.post(path, kind, file, *options, version)
                expect(path, (answer.status, answer.kind), (413, "application/problem+json"))
                expect(path, json.loads(answer.body)["code"], "payload_too_large")

    def document(self):
        file = self.folder / "document.json"
        file.write_text("{}" + " " * 12_000_000)
        return file

    def others(self):
        for path in ["/livez", "/readyz", "/metrics"]:
            answer = ask(self.folder, self.site + path, *self.token)
            expect(path, (answer.status, answer.kind), (404, "application/problem+json"))
            expect(path, json.loads(answer.body)["code"], "not_found")
        link = self.usance("token", "link", "--subject", "check", "--url", self.site)
        cookies = re.findall(r"^set-cookie:.*$", ask(self.folder, link).headers, re.M | re.I)
        secure = ["; Secure" in cookie for cookie in cookies]
        expect("Secure in the cookie of a session", secure, [True])
        log = (self.folder / "proxy.log").read_text()
        expect("the log holds no sign-in link", "/sign-in/" in log, False)
        streams = re.findall(r".*buffered to a temporary file.*/v1/events.*", log)
        expect("streams that the proxy kept in a file", streams, [])

    def run(self, name):
        self.start()
        proxy = {"nginx": start_nginx, "caddy": start_caddy}[name](self.folder)
        wait("the proxy", lambda: proxy.poll() is not None or self.is_reached(), 20)
        expect("the proxy runs", proxy.poll(), None)
        self.events()
        self.catalogs()
        if name == "nginx":
            self.refusals()
        self.others()

    def is_reached(self):
        command = ["curl", "--silent", "--insecure", "--resolve", f"{NAME}:443:127.0.0.1"]
        return subprocess.run(
            [*command, "--output", "/dev/null", f"{self.site}/livez"], check=False).returncode == 0


def main(name, binary):
    for tool in [name, "curl", "openssl"]:
        if not shutil.which(tool):
            print(f"{tool} is not installed")
            return apart.CANNOT
    apart.bring_up_loopback()
    with tempfile.TemporaryDirectory() as folder:
        Check(Path(folder), Path(binary).resolve()).run(name)
    return 0


if __name__ == "__main__":
    apart.enter()
    sys.exit(main(*sys.argv[1:]))

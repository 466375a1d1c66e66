#!/usr/bin/env python3
"""Puts a running Usance under the load of careless and hostile clients, and holds it to its bounds.

    Scripts/load.py --usance .build/release/usance              all loads (some two minutes)
    Scripts/load.py --usance ... --only reports --seconds 20    one of them

Each load runs beside a good device that posts 100 events a second, one a request, and beside somebody
who asks for /livez ten times a second. A line a load: the slowest answer of each, and the most memory.
Exit status 0 where every bound holds, 1 where one is broken, 2 without a binary. Standard library
only; load and measurement are processes of their own, so that neither waits for the other.
"""

import argparse
import base64
import http.client
import json
import multiprocessing
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

LIVEZ_SECONDS = 0.5
EVENT_SECONDS = 2.0
MEMORY_MEGABYTES = 400
EVENTS = 200_000
ASSETS = 500
PATIENCE = 30


class Service:
    """One `usance serve` on any free port, and on a folder of its own or one that is there."""

    def __init__(self, binary, data=None):
        self.binary = binary
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="usance-load-"))
        os.chmod(self.folder, 0o700)
        self.data = data or self.folder / "data"
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [binary, "serve", "--data", self.data, "--port", "0"],
            stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        if "http://" not in line:
            sys.exit(f"the service does not start: {(self.folder / 'log').read_text()}")
        self.port = int(line.rsplit(":", 1)[1])

    def token(self, role):
        made = subprocess.run(
            [self.binary, "token", "issue", "--data", self.data, "--role", role, "--subject", role]
            + (["--source", "//load"] if role == "device" else []),
            capture_output=True, text=True, check=True)
        return made.stdout.strip().splitlines()[-1]

    def megabytes(self):
        """What is resident of the process, in MB; 0 where it has ended."""
        try:
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
            return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024 // 1_000_000
        except (OSError, TypeError):
            return 0

    def end(self, in_order=False):
        self.process.terminate() if in_order else self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def ask(connection, method, path, token=None, body=None, kind="application/json"):
    """The status and the bytes of one answer."""
    headers = {"Content-Type": kind} if body is not None else {}
    if token:
        headers["Authorization"] = "Bearer " + token
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def connect(port, patience=PATIENCE):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=patience)


def event(number, subject, moment):
    return {"specversion": "1.0", "type": "use", "source": "//load", "id": str(number),
            "subject": subject, "time": moment, "data": {"n": "5"}}


def prepare(service, operator):
    """A customer with 500 assets and 200,000 events of a year."""
    contract = {"customer": "acme", "currency": "EUR", "zone": "UTC", "from": "2025-01-01",
                "clauses": [{"key": "use", "kind": "usageCharge", "meter": "use", "perAsset": True,
                             "price": {"model": "perUnit", "rate": "1.00"}}]}
    assignment = {"contract": "c", "from": "2025-01-01T00:00:00Z"}
    catalog = {
        "customers": {"acme": {"name": "Acme"}}, "contracts": {"c": contract},
        "meters": {"use": {"aggregation": "sum", "eventTypes": ["use"], "unit": "units",
                           "value": "/n", "places": 6}},
        "assets": {f"a{n}": {"assignments": [assignment]} for n in range(ASSETS)}}
    connection = connect(service.port)
    status, text = ask(connection, "POST", "/v1/catalog", operator, json.dumps(catalog))
    if status != 200:
        sys.exit(f"the catalog is refused: {text.decode()}")
    for part in range(EVENTS // 10_000):
        lines = [
            json.dumps(event(f"{part}-{n}", f"a{n % ASSETS}",
                             f"2025-{1 + n % 12:02}-{1 + n // 12 % 28:02}T{n % 24:02}:{part:02}:00Z"))
            for n in range(10_000)]
        status, text = ask(connection, "POST", "/v1/events", operator, "\n".join(lines),
                           "application/x-ndjson")
        if status != 200 or json.loads(text)["accepted"] != len(lines):
            sys.exit(f"events are refused: {text.decode()[:300]}")


# What is measured: each runs until it is told to end, and gives the slowest answer.


def measured(results, name, port, end, pause, one):
    """Does `one` again and again at a steady pace, each over a connection that stays."""
    worst, count, bad, connection, due = 0.0, 0, 0, connect(port), time.monotonic()
    while not end.is_set():
        started = time.monotonic()
        try:
            good = one(connection, count)
        except (OSError, http.client.HTTPException):
            good, connection = False, connect(port)
        worst, count, bad = max(worst, time.monotonic() - started), count + 1, bad + (not good)
        due = max(due + pause, time.monotonic() - 1)
        time.sleep(max(0.0, due - time.monotonic()))
    results[name] = (worst, count, bad)


def watch_liveness(results, port, end):
    # Whoever watches over a service comes anew each time.
    def one(_, __):
        connection = connect(port)
        try:
            return ask(connection, "GET", "/livez")[0] == 200
        finally:
            connection.close()
    measured(results, "livez", port, end, 0.1, one)


def post_as_device(results, port, end, token, salt):
    def one(connection, count):
        body = json.dumps(event(f"{salt}-{count}", "a1", "2025-12-30T00:00:00Z"))
        status, _ = ask(connection, "POST", "/v1/events", token, body,
                        "application/cloudevents+json")
        return status in (200, 204)
    measured(results, "event", port, end, 0.01, one)


# The loads: each goes on until it is told to end, and says what it did.


def ask_for_reports(said, port, end, tokens):
    paths = ["/v1/customers/acme/value-report?from=2025-01&to=2025-12", "/v1/accruals?month=2025-06",
             "/v1/usage?meter=use&customer=acme&start=2025-01-01T00:00:00Z"
             "&end=2025-07-01T00:00:00Z&window=day&by=asset"]
    statuses, lock = {}, threading.Lock()

    def client(number):
        while not end.is_set():
            connection = connect(port)
            try:
                # Some hang up early, and come again.
                connection.timeout = 1 if number % 4 == 3 else 60
                status = ask(connection, "GET", paths[number % 3], tokens["operator"])[0]
            except (OSError, http.client.HTTPException):
                status = "left"
            finally:
                connection.close()
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
            if status == 503:
                time.sleep(1)

    clients = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(40)]
    for one in clients:
        one.start()
    end.wait()
    with lock:
        said["load"] = "answers " + ", ".join(f"{n} of {s}" for s, n in sorted(
            statuses.items(), key=str))


def hold_bodies(said, port, end, tokens):
    body = json.dumps({**event("big", "a1", "2025-12-30T00:00:00Z"),
                       "data": {"n": "x" * ((8 << 20) - 400)}}).encode()
    head = (f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tokens['device']}\r\n"
            "Content-Type: application/cloudevents+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    opened = 0

    def client():
        nonlocal opened
        while not end.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as held:
                    held.sendall(head + body[:-1])
                    opened += 1
                    held.recv(4096)
            except OSError:
                pass
            time.sleep(0.2)

    clients = [threading.Thread(target=client, daemon=True) for _ in range(50)]
    for one in clients:
        one.start()
    end.wait()
    said["load"] = f"{opened} bodies of {len(body)} bytes, of each the last byte held back"


def dawdle(said, port, end, tokens):
    beginnings = [b"POST /v1/events HTTP/1.1\r\nHost: x\r\n", b"GET /v1/invoices HTTP/1.1\r\nX-A: ",
                  (f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tokens['device']}"
                   "\r\nContent-Type: application/x-ndjson\r\nContent-Length: 99999\r\n\r\n").encode()]
    opened, held = 0, []
    while not end.is_set():
        while len(held) < 500:
            try:
                one = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                one.sendall(beginnings[opened % 3])
                one.setblocking(False)
                held.append(one)
                opened += 1
            except OSError:
                break
        for one in list(held):
            try:
                one.send(b"a")
                if one.recv(4096) == b"":
                    raise ConnectionError
            except BlockingIOError:
                pass
            except OSError:
                one.close()
                held.remove(one)
        end.wait(1)
    said["load"] = f"{opened} connections, 500 at a time, a byte a second each"


def forge_tokens(said, port, end, tokens):
    """Soundly built, and signed by somebody else: what costs most to refuse."""
    head, claims, signature = tokens["operator"].split(".")
    sent, answered = 0, 0
    lanes = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(20)]
    began = time.monotonic()
    while not end.is_set():
        started = time.monotonic()
        for number, lane in enumerate(lanes):
            requests = []
            for n in range(25):
                bytes_ = bytearray(base64.urlsafe_b64decode(signature + "=="))
                bytes_[:4] = (sent + n).to_bytes(4, "little")
                forged = base64.urlsafe_b64encode(bytes(bytes_)).rstrip(b"=").decode()
                requests.append(f"GET /v1/invoices HTTP/1.1\r\nHost: x\r\n"
                                f"Authorization: Bearer {head}.{claims}.{forged}\r\n\r\n")
            lane.sendall("".join(requests).encode())
            sent += 25
        for lane in lanes:
            rest, seen = b"", 0
            while seen < 25:
                piece = lane.recv(1 << 16)
                if not piece:
                    break
                rest += piece
                seen = rest.count(b"HTTP/1.1 401")
            answered += seen
        time.sleep(max(0.0, 0.05 - (time.monotonic() - started)))
    rate = answered / (time.monotonic() - began)
    said["load"] = f"{answered} tokens refused of {sent}, {rate:,.0f} a second"


LOADS = {"bodies": hold_bodies, "slow": dawdle, "tokens": forge_tokens, "reports": ask_for_reports}


def run(name, service, tokens, seconds):
    """One load, beside those who measure; a line about it, and whether all bounds held."""
    with multiprocessing.Manager() as manager:
        results, said = manager.dict(), manager.dict()
        end, port, most = multiprocessing.Event(), service.port, service.megabytes()
        load = multiprocessing.Process(target=LOADS[name], args=(said, port, end, tokens))
        others = [
            multiprocessing.Process(target=watch_liveness, args=(results, port, end)),
            multiprocessing.Process(
                target=post_as_device, args=(results, port, end, tokens["device"], name))]
        for process in [load, *others]:
            process.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            most = max(most, service.megabytes())
            time.sleep(0.05)
        end.set()
        for process in [*others, load]:
            process.join(PATIENCE * 2)
        missed = (float("inf"), 0, 0)
        livez, event_ = results.get("livez", missed), results.get("event", missed)
        broken = [text for is_broken, text in (
            (livez[0] > LIVEZ_SECONDS, f"/livez over {LIVEZ_SECONDS} s"),
            (event_[0] > EVENT_SECONDS, f"an event over {EVENT_SECONDS:g} s"),
            (livez[2] + event_[2] > 0, "somebody good was refused"),
            (most > MEMORY_MEGABYTES, f"memory over {MEMORY_MEGABYTES} MB"),
            (service.process.poll() is not None, "the process has ended")) if is_broken]
        print(f"{'BROKEN' if broken else 'held':6}  {name:8} /livez {livez[0] * 1000:.0f} ms at most "
              f"({livez[1]} asked, {livez[2]} failed), an event {event_[0] * 1000:.0f} ms "
              f"({event_[1]} posted, {event_[2]} failed), {most} MB; {said.get('load', 'nothing')}"
              + "".join(f"; {text}" for text in broken), flush=True)
        return not broken


def main():
    read = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--usance", default=".build/release/usance", help="the binary to drive")
    read.add_argument("--only", action="append", choices=list(LOADS), help="a load; repeatable")
    read.add_argument("--seconds", type=float, default=20, help="how long each load goes on (20)")
    chosen = read.parse_args()
    if not os.access(chosen.usance, os.X_OK):
        print(f"{chosen.usance} is no binary; build it, or name another with --usance")
        return 2
    service = Service(os.path.abspath(chosen.usance))
    try:
        tokens = {role: service.token(role) for role in ("operator", "device")}
        prepare(service, tokens["operator"])
        print(f"{EVENTS:,} events of {ASSETS} assets; {service.megabytes()} MB at rest", flush=True)
        held = [run(name, service, tokens, chosen.seconds) for name in chosen.only or LOADS]
        return 0 if all(held) else 1
    finally:
        service.end()


if __name__ == "__main__":
    sys.exit(main())

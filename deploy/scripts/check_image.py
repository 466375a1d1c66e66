#!/usr/bin/env python3
"""Unpacks an image of assemble_image.py, starts it as its configuration says, and asks it.

    check_image.py ARCHIVE

As with the settings of ../compose.yaml: the files are read-only, /tmp is memory, a volume is at the
place that the image names, the process is the image's user. It has a network of its own, so that no
port of this machine is in the way. It must answer /livez, pass the image's health check, store an
event, know the time zones of its own files, and end well at the stop signal.

Ends with 75 where it cannot be done: without root, or where Linux gives no namespaces.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import apart
import image_archive

WORK = Path(__file__).resolve().parents[2] / ".build" / "image"
SECONDS_MAX = 30
EVENT = {
    "specversion": "1.0", "id": "1", "source": "//check", "type": "check", "subject": "check",
    "time": "2026-01-05T08:00:00Z", "data": {}}


class Container:
    """The unpacked files, and how the image wants them run."""

    def __init__(self, root, settings):
        self.root = root
        self.settings = settings
        self.user, self.group = map(int, settings["User"].split(":"))
        self.environment = dict(entry.split("=", 1) for entry in settings["Env"])

    def mount(self, volumes):
        """Leaves nothing that can be written but /tmp and the volumes."""
        mounts = [["--bind", self.root, self.root], ["--bind", "/dev", self.root / "dev"]]
        mounts.append(["-t", "proc", "proc", self.root / "proc"])
        for place in self.settings["Volumes"]:
            inside, outside = self.root / place.lstrip("/"), volumes / place.lstrip("/")
            # A new volume begins with what the image has there, and with its owner.
            subprocess.run(["cp", "--archive", inside, outside], check=True)
            mounts.append(["--bind", outside, inside])
        mounts.append(["-t", "tmpfs", "-o", "mode=1777", "tmpfs", self.root / "tmp"])
        for mount in mounts:
            subprocess.run(["mount", *mount], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", self.root], check=True)

    def start(self, *command, **options):
        def enter():
            os.chroot(self.root)
            os.chdir(self.settings["WorkingDir"])
            os.setgroups([])
            os.setgid(self.group)
            os.setuid(self.user)

        return subprocess.Popen(
            command, env=self.environment, preexec_fn=enter, text=True, **options)

    def answer(self, *command):
        """What the command prints; a command that fails ends the check."""
        process = self.start(*command, stdout=subprocess.PIPE)
        output, _ = process.communicate(timeout=SECONDS_MAX)
        if process.returncode != 0:
            raise SystemExit(f"{command[0]} ended with {process.returncode}")
        return output.strip()


def ask(port, path, token=None, document=None):
    """The status of the answer; one that is no success ends the check."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if document:
        request.add_header("Content-Type", "application/cloudevents+json")
        request.data = json.dumps(document).encode()
    with urllib.request.urlopen(request, timeout=SECONDS_MAX) as answer:
        print(f"{request.get_method()} {path}: {answer.status}")
        return answer.read()


def watch(container):
    settings = container.settings
    [port] = [name.removesuffix("/tcp") for name in settings["ExposedPorts"]]
    service = container.start(
        *settings["Entrypoint"], *settings["Cmd"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    log = []
    for line in service.stdout:
        print("log:", line.strip())
        log.append(line)
        if "usance: serving" in line:
            break
    else:
        raise SystemExit(f"it ended with {service.wait()} before it served")
    if not any("in /usr/share/zoneinfo" in line for line in log):
        raise SystemExit("it does not take the rules of time zones from the image's tzdata")
    ask(port, "/livez")
    container.answer(*settings["Healthcheck"]["Test"][1:])
    print("health check: passed")
    token = container.answer(
        *settings["Entrypoint"], "token", "issue", "--data", *settings["Volumes"],
        "--role", "device", "--subject", "check")
    ask(port, "/v1/events", token, EVENT)
    service.send_signal(getattr(signal, settings["StopSignal"]))
    status = service.wait(timeout=SECONDS_MAX)
    print(f"{settings['StopSignal']}: ended with {status}")
    return status


def main(archive):
    root, volumes = WORK / "unpacked", WORK / "volumes"
    for folder in [root, volumes]:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    os.chmod(root, 0o755)
    settings = image_archive.read(archive, root)["config"]
    apart.bring_up_loopback()
    container = Container(root, settings)
    container.mount(volumes)
    return watch(container)


if __name__ == "__main__":
    apart.enter()
    sys.exit(main(Path(sys.argv[1])))

#!/usr/bin/env python3
"""Assembles the image of ../Containerfile without Docker or Podman, around a binary that is built.

    assemble_image.py BINARY ARCHIVE

It carries out the last stage: a new Debian in a folder (mmdebstrap), its RUN lines in that folder
(chroot), and BINARY for what the stage copies from the one that builds. ARCHIVE becomes a tar of an
OCI image layout, as `podman load` and `docker load` (25 or newer) read it. If BINARY does not carry
the Swift runtime along, as one of a debug build does not, the libraries of this machine's Swift go
into the image. Work files are below .build/image; `debian-*.tar` there is used again for a day.

Ends with 75 where it cannot be done: without root, mmdebstrap or a mirror of Debian.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import containerfile
import image_archive

WORK = Path(__file__).resolve().parents[2] / ".build" / "image"
CANNOT = 75
BASE_SECONDS_MAX = 86_400
RELEASES = {"12": "bookworm", "13": "trixie"}
SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# What a container engine gives a container beside its files; none of it gets into the image.
MOUNTS = """
mount --make-rprivate /
mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc"
: >>"$0/etc/resolv.conf" && mount --bind /etc/resolv.conf "$0/etc/resolv.conf"
exec chroot "$0" "$@"
"""


class Cannot(Exception):
    """It cannot be done on this machine; the reason is a sentence."""


def base(image):
    """A tar of the Debian that `image` names, with what is new in it since its release."""
    name = re.fullmatch(r"docker\.io/library/debian:(\d+)-slim", image)
    if not name or name[1] not in RELEASES:
        raise SystemExit(f"the last stage starts from {image}; expected Debian {list(RELEASES)}")
    archive = WORK / f"debian-{name[1]}.tar"
    if not archive.exists() or time.time() - archive.stat().st_mtime > BASE_SECONDS_MAX:
        print(f"Making a Debian {name[1]} in {archive}", flush=True)
        part = archive.with_suffix(".part")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", "--format=tar"]
        made = subprocess.run(
            [*command, RELEASES[name[1]], part], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Cannot("mmdebstrap made no Debian: " + made.stderr.strip()[-500:])
        part.rename(archive)
    return archive


def reach_mirror(root):
    """The packages of the RUN lines come from where the sources of that Debian say."""
    sources = (root / "etc/apt/sources.list").read_text()
    address, suite = re.search(r"^deb (?:\[.*\] )?(\S+) (\S+)", sources, re.M).groups()
    try:
        urllib.request.urlopen(f"{address}/dists/{suite}/InRelease", timeout=20).close()
    except OSError as error:
        raise Cannot(f"no mirror of Debian is reached ({error})") from error


def run(root, *command, **options):
    """Runs a command inside the folder, with the network of this machine."""
    environment = {"PATH": SEARCH, "HOME": "/root"}
    environment |= {name: os.environ[name] for name in os.environ if name.endswith("_proxy")}
    return subprocess.run(
        ["unshare", "--mount", "sh", "-ec", MOUNTS, root, *command],
        env=environment, text=True, check=True, **options)


def lend_runtime(root, binary, place):
    """Puts the libraries that the binary takes from this machine's Swift beside it."""
    needed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"=> (\S*/usr/lib/swift/linux/\S+)", needed)
    if found:
        for library in found:
            shutil.copy(library, root / "usr/local/lib")
        run(root, "ldconfig")
        print(f"{place}: without the Swift runtime inside, so {len(found)} libraries go along")


def carry_out(stage, root, binary):
    """Does what changes files in the stage. What only describes the image is for `settings`."""
    for each in stage.instructions:
        if each.word == "RUN":
            print(f"RUN {each.text}", flush=True)
            try:
                run(root, "/bin/sh", "-ec", each.text)
            except subprocess.CalledProcessError as error:
                raise SystemExit(
                    f"Containerfile, line {each.line}: ended with {error.returncode}") from None
        elif each.word == "COPY" and "from" in each.options:
            place = each.rest.split()[1]
            shutil.copy(binary, root / place.lstrip("/"))
            os.chmod(root / place.lstrip("/"), 0o755)
            lend_runtime(root, binary, place)
        elif each.word not in image_archive.SETTINGS:
            raise SystemExit(f"Containerfile, line {each.line}: cannot carry out {each.word}")


def main(binary, archive):
    if os.geteuid() != 0:
        raise Cannot("only root can make the files of an image")
    for tool in ["mmdebstrap", "unshare"]:
        if not shutil.which(tool):
            raise Cannot(f"{tool} is not installed")
    WORK.mkdir(parents=True, exist_ok=True)
    stage = containerfile.stages()[-1]
    root = WORK / "root"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    os.chmod(root, 0o755)
    subprocess.run(
        ["tar", "--extract", "--numeric-owner", "--file", base(stage.image), "--directory", root,
         "--exclude=./dev/*"], check=True)
    reach_mirror(root)
    carry_out(stage, root, binary)
    for name in ["hostname", "resolv.conf"]:
        # Of the machine that made the image.
        (root / "etc" / name).write_text("")
    image_archive.write(root, stage, archive, environment={"PATH": SEARCH})
    shutil.rmtree(root)
    print(f"{archive}: {os.path.getsize(archive) >> 20} MiB")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Cannot as reason:
        print(reason)
        sys.exit(CANNOT)

#!/usr/bin/env python3
"""Checks that the Containerfile copies every file that the build needs.

It lays out what the first stage copies from the work tree, with symbolic links as they are, and
asks of that copy: does each link lead to a file in it, is each folder and resource that
Package.swift names there, and each file that the commands of the stage use? Ends with 1 and a line
for each that is missing, and with 75 if Swift is not installed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import containerfile

ROOT = Path(__file__).resolve().parents[2]
CANNOT = 75


def copy(stage, folder):
    """Does what the stage's COPY instructions do, for what comes from the work tree."""
    for each in stage.all("COPY"):
        if each.options:
            continue
        *sources, target = each.words
        for source in sources:
            origin = ROOT / source
            if not origin.exists():
                yield f"line {each.line}: COPY {source}: there is no such file"
            elif origin.is_dir():
                shutil.copytree(origin, folder / target, symlinks=True, dirs_exist_ok=True)
            else:
                place = folder / target
                isFolder = target.endswith("/") or len(sources) > 1
                place = place / origin.name if isFolder else place
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(origin, place)


def broken_links(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            inside = path.resolve().is_relative_to(folder.resolve())
            if not inside or not path.exists():
                yield f"{path.relative_to(folder)} is a link to {path.readlink()}, not copied"


def missing_of_package(folder):
    """What the manifest names and the copy lacks, as Swift itself reads the manifest."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["swift", "package", "--scratch-path", scratch, "--package-path", folder]
        answer = subprocess.run(
            [*command, "dump-package"], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        yield "Package.swift: " + answer.stderr.strip()
        return
    for target in json.loads(answer.stdout)["targets"]:
        place = folder / target["path"]
        if not place.is_dir():
            yield f"Package.swift: {target['path']} of the target {target['name']}, not copied"
            continue
        for resource in target["resources"]:
            if not (place / resource["path"]).exists():
                yield f"Package.swift: {target['path']}/{resource['path']}, not copied"


def missing_of_commands(stage, folder):
    """Files of the work tree that `make` would use, found by their names in what it would run."""
    for each in stage.all("RUN"):
        for command in each.text.split("&&"):
            words = command.split()
            if words[0] != "make":
                continue
            if not (folder / "Makefile").exists():
                yield "Makefile, not copied"
                continue
            answer = subprocess.run(
                ["make", "--dry-run", *words[1:]], cwd=folder, capture_output=True, text=True,
                check=False)
            if answer.returncode != 0:
                yield f"line {each.line}: {command.strip()}: {answer.stderr.strip()}"
            for word in sorted(set(answer.stdout.replace("@", "").split())):
                if (ROOT / word).is_file() and not (folder / word).exists():
                    yield f"{word}, which `{command.strip()}` uses, not copied"


def main():
    if not shutil.which("swift"):
        print("swift is not installed")
        return CANNOT
    stage = containerfile.stages()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        missing = list(copy(stage, folder))
        missing += broken_links(folder)
        missing += missing_of_package(folder)
        missing += missing_of_commands(stage, folder)
    print("\n".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

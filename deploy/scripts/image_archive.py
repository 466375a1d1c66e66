"""Writes and reads an archive of an OCI image layout, with one layer."""

import hashlib
import json
import platform
import re
import subprocess
import tarfile
import tempfile
import zlib
from datetime import datetime, timezone
from pathlib import Path

MEDIA = "application/vnd.oci.image."
# Instructions that describe the image and change no file.
SETTINGS = {
    "CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL", "USER", "VOLUME",
    "WORKDIR"}
# Filled in for each container by what runs it, or of use to apt alone.
LEFT_OUT = ["./dev/*", "./proc/*", "./sys/*", "./tmp/*", "./var/cache/apt/*"]


def settings(stage, environment):
    """What the stage says of how to run it, in the words of an image's configuration."""
    def words(name):
        return stage.last(name).words if stage.last(name) else None

    def text(name):
        return stage.last(name).text if stage.last(name) else None

    labels = [word for each in stage.all("LABEL") for word in each.words]
    found = {
        "Env": [f"{name}={value}" for name, value in environment.items()],
        "Entrypoint": words("ENTRYPOINT"),
        "Cmd": words("CMD"),
        "User": text("USER"),
        "WorkingDir": text("WORKDIR"),
        "StopSignal": text("STOPSIGNAL"),
        "ExposedPorts": {f"{port}/tcp": {} for each in stage.all("EXPOSE") for port in each.words},
        "Volumes": {place: {} for each in stage.all("VOLUME") for place in each.words},
        "Labels": dict(label.split("=", 1) for label in labels),
        # Not of OCI; Docker reads it all the same.
        "Healthcheck": health_check(stage.last("HEALTHCHECK")),
    }
    return {name: value for name, value in found.items() if value}


def health_check(instruction):
    if instruction is None:
        return None
    options = instruction.options
    nanoseconds = {
        "Interval": options["interval"], "Timeout": options["timeout"],
        "StartPeriod": options["start-period"]}
    kind, command = instruction.rest.split(maxsplit=1)
    return {
        "Test": [kind, *json.loads(command)],
        **{name: int(re.fullmatch(r"(\d+)s", value)[1]) * 10**9
           for name, value in nanoseconds.items()},
        "Retries": int(options["retries"])}


def write(root, stage, archive, environment):
    """Makes an archive of the files below `root`, as one layer."""
    with tempfile.TemporaryDirectory(dir=root.parent) as name:
        folder = Path(name)
        blobs = folder / "blobs" / "sha256"
        blobs.mkdir(parents=True)
        layer, difference = write_layer(root, blobs)
        image = settings(stage, environment)
        now = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
        configuration = write_json(blobs, "config.v1", {
            "created": now, "architecture": architecture(), "os": "linux", "config": image,
            "rootfs": {"type": "layers", "diff_ids": [difference]},
            "history": [{"created": now, "created_by": "deploy/scripts/assemble_image.py"}]})
        manifest = write_json(blobs, "manifest.v1", {
            "schemaVersion": 2, "mediaType": MEDIA + "manifest.v1+json",
            "config": configuration, "layers": [layer]})
        version = image["Labels"]["org.opencontainers.image.version"]
        manifest["annotations"] = {
            "org.opencontainers.image.ref.name": version,
            "io.containerd.image.name": f"docker.io/library/usance:{version}"}
        index = {
            "schemaVersion": 2, "mediaType": MEDIA + "index.v1+json", "manifests": [manifest]}
        (folder / "index.json").write_text(json.dumps(index))
        (folder / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
        with tarfile.open(archive, "w") as file:
            for path in ["oci-layout", "index.json", "blobs"]:
                file.add(folder / path, path)


def architecture():
    """As OCI names it."""
    return {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]


def write_layer(root, blobs):
    """Returns the layer's descriptor, and the digest of its tar before compression."""
    command = ["tar", "--create", "--numeric-owner", "--sort=name", "--directory", root]
    command += [f"--exclude={path}" for path in LEFT_OUT] + ["."]
    part, size = blobs / "part", 0
    plain, packed = hashlib.sha256(), hashlib.sha256()
    # 31: with a header and an end as gzip has them.
    gzip = zlib.compressobj(level=1, wbits=31)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as tar, open(part, "wb") as file:
        def add(piece):
            packed.update(piece)
            return file.write(piece)

        for piece in iter(lambda: tar.stdout.read(1 << 20), b""):
            plain.update(piece)
            size += add(gzip.compress(piece))
        size += add(gzip.flush())
    if tar.returncode != 0:
        raise SystemExit("tar could not read the files of the image")
    part.rename(blobs / packed.hexdigest())
    layer = {
        "mediaType": MEDIA + "layer.v1.tar+gzip", "size": size,
        "digest": "sha256:" + packed.hexdigest()}
    return layer, "sha256:" + plain.hexdigest()


def write_json(blobs, kind, document):
    data = json.dumps(document).encode()
    digest = hashlib.sha256(data).hexdigest()
    (blobs / digest).write_bytes(data)
    return {"mediaType": f"{MEDIA}{kind}+json", "size": len(data), "digest": "sha256:" + digest}


def read(archive, folder):
    """Unpacks the files of the image into `folder`, and returns its configuration.

    Every blob on the way is held against its size and digest.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        with tarfile.open(archive) as file:
            file.extractall(name)
        kept = Path(name)

        def blob(descriptor):
            path = kept / "blobs" / descriptor["digest"].replace(":", "/")
            if path.stat().st_size != descriptor["size"]:
                raise SystemExit(f"{path.name}: the size is not the one of its descriptor")
            if "sha256:" + digest_of_file(path) != descriptor["digest"]:
                raise SystemExit(f"{path.name}: the content is not what its digest says")
            return path

        [entry] = json.loads((kept / "index.json").read_text())["manifests"]
        manifest = json.loads(blob(entry).read_text())
        configuration = json.loads(blob(manifest["config"]).read_text())
        for layer, plain in zip(
                manifest["layers"], configuration["rootfs"]["diff_ids"], strict=True):
            if unpack(blob(layer), folder) != plain:
                raise SystemExit(f"{layer['digest']}: the tar inside is not {plain}")
    return configuration


def unpack(layer, folder):
    """Returns the digest of the tar that the layer is the compressed form of."""
    plain, gzip = hashlib.sha256(), zlib.decompressobj(wbits=31)
    command = ["tar", "--extract", "--numeric-owner", "--preserve-permissions"]
    with subprocess.Popen([*command, "--directory", folder], stdin=subprocess.PIPE) as tar:
        with open(layer, "rb") as file:
            for packed in iter(lambda: file.read(1 << 20), b""):
                piece = gzip.decompress(packed)
                plain.update(piece)
                tar.stdin.write(piece)
        tar.stdin.close()
    if tar.returncode != 0:
        raise SystemExit("tar could not unpack the layer")
    return "sha256:" + plain.hexdigest()


def digest_of_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()

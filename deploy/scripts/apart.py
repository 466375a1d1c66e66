"""A network, mounts and processes of its own for a check, so that ports are free and all ends."""

import fcntl
import shutil
import socket
import struct
import subprocess
import sys

CANNOT = 75
_MARK = "--apart"


def enter():
    """Runs this program once more, apart, unless it already is; ends with what that ends with.

    Whatever the program has started ends with it. Where it cannot be done, the program ends with 75
    and says why.
    """
    if sys.argv[1:2] == [_MARK]:
        del sys.argv[1]
        return
    command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if not shutil.which("unshare") or subprocess.run(
            [*command, "true"], capture_output=True, check=False).returncode != 0:
        print("only root may have a network and mounts apart, where Linux allows them")
        sys.exit(CANNOT)
    program = [sys.executable, sys.argv[0], _MARK, *sys.argv[1:]]
    sys.exit(subprocess.run([*command, *program], check=False).returncode)


def bring_up_loopback():
    """A new network has only this interface, which is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags, = struct.unpack("16xh14x", fcntl.ioctl(control, 0x8913, request))  # SIOCGIFFLAGS
        up = struct.pack("16sh14x", b"lo", flags | 1)  # IFF_UP
        fcntl.ioctl(control, 0x8914, up)  # SIOCSIFFLAGS

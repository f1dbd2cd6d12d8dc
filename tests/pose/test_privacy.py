"""MediaPipe's usage logger reaches nobody: shown with a log host that the test itself plays.

A proxy on this machine answers as whatever host is asked for, with a certificate from an
authority made for the test. MediaPipe left to itself, trusting that authority, delivers its
report: so the test would see one. hingecheck's landmarker, trusting the same, delivers nothing.
"""

from __future__ import annotations

import os
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple

import pytest
import trustme

from hingecheck.pose.models import PoseModel, find_bundle

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_S = 20.0
QUIET_S = 2.0
"""The logger knocks while its landmarker closes; a sealed one gets this much longer."""

TRUSTING = """
import sys
import certifi

certifi.where = lambda: sys.argv[1]
"""

PLAIN_MEDIAPIPE = """
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions

options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_path=sys.argv[2]))
with vision.PoseLandmarker.create_from_options(options) as landmarker:
    landmarker.detect(mp.Image(mp.ImageFormat.SRGB, np.zeros((240, 320, 3), np.uint8)))
print("looked", flush=True)
sys.stdin.read()
"""

OWN_LANDMARKER = """
import numpy as np
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.models import PoseModel, find_bundle

with Landmarker(find_bundle(PoseModel.LITE)) as landmarker:
    landmarker.detect(np.zeros((240, 320, 3), np.uint8), 0.0)
print("looked", flush=True)
sys.stdin.read()
"""

SEALED = """
from hingecheck.pose.privacy import seal_process

seal_process()
"""


class Knock(NamedTuple):
    """One connection that somebody asked the proxy for.

    Attributes:
        target: Host and port.
        said: What came through once TLS stood; empty when it never did.
    """

    target: str
    said: bytes


class LogHost(socketserver.ThreadingTCPServer):
    """An HTTP proxy that plays every host itself."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.authority = trustme.CA()
        self.knocks: SimpleQueue[Knock] = SimpleQueue()

    def heard(self, within_s: float) -> list[Knock]:
        """Connections that ended: those there, or the first to come and what follows at once."""
        knocks = []
        try:
            knocks.append(self.knocks.get(timeout=within_s))
            while True:
                knocks.append(self.knocks.get(timeout=0.5))
        except Empty:
            return knocks


class _Connection(socketserver.StreamRequestHandler):
    server: LogHost

    def handle(self) -> None:
        method, target, _ = self.rfile.readline().decode().split()
        assert method == "CONNECT"
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.authority.issue_cert(target.rsplit(":", 1)[0]).configure_cert(context)
        said = b""
        try:
            with context.wrap_socket(self.connection, server_side=True) as tls:
                said = tls.recv(65536)
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except OSError:
            pass
        self.server.knocks.put(Knock(target, said))


@pytest.fixture
def log_host() -> Iterator[LogHost]:
    with LogHost() as host:
        serving = threading.Thread(target=host.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        yield host
        host.shutdown()
        serving.join()


def reports(log_host: LogHost, code: str, folder: Path, wait_s: float) -> list[Knock]:
    """What the host hears from a program that looks at one picture, closes and stays."""
    authority = folder / "authority.pem"
    log_host.authority.cert_pem.write_to_path(str(authority))
    proxied = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    proxied["https_proxy"] = f"http://127.0.0.1:{log_host.server_address[1]}"
    bundle = find_bundle(PoseModel.LITE).path
    with subprocess.Popen(
        [sys.executable, "-c", TRUSTING + code, str(authority), str(bundle)],
        env=proxied,
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        looked = program.stdout.readline()
        heard = log_host.heard(wait_s) if looked else []
        _, complaint = program.communicate()
    assert looked == "looked\n", complaint
    assert program.returncode == 0, complaint
    return heard


def test_mediapipe_left_to_itself_reports_its_use(log_host, tmp_path) -> None:
    heard = reports(log_host, PLAIN_MEDIAPIPE, tmp_path, PATIENCE_S)
    assert {knock.target for knock in heard} == {"play.googleapis.com:443"}
    assert heard[0].said.startswith(b"POST /log HTTP/1.1\r\nHost: play.googleapis.com\r\n")


def test_own_landmarker_knocks_and_says_nothing(log_host, tmp_path) -> None:
    heard = reports(log_host, OWN_LANDMARKER, tmp_path, PATIENCE_S)
    assert {knock.target for knock in heard} == {"play.googleapis.com:443"}
    assert [knock.said for knock in heard] == [b""] * len(heard)


def test_sealed_process_does_not_even_knock(log_host, tmp_path) -> None:
    assert reports(log_host, SEALED + OWN_LANDMARKER, tmp_path, QUIET_S) == []

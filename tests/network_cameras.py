"""Network cameras on this machine: JPEGs over HTTP as phones send them, and H.264 over RTSP."""

from __future__ import annotations

import base64
import http.server
import itertools
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import av
import cv2
import numpy as np

WIDTH_PX, HEIGHT_PX = 320, 240
FPS = 30
SHADES = (60, 90, 120, 150, 180, 210)
"""Grey of the pictures in turn, so that each differs from the one before."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.dead = threading.Event()
        self.frozen = threading.Event()
        self.turned = threading.Event()

    def handle_error(self, *_: object) -> None:
        """A viewer who leaves is no error."""
        if not isinstance(sys.exception(), OSError):
            raise


class NetworkCamera:
    """One camera that can be switched off, frozen, and switched on again at the same address.

    Attributes:
        login: `user:password` that it wants to be told; nothing where empty.
    """

    scheme = "http"

    def __init__(self, login: str = "") -> None:
        self.login = login
        self._server: _Server | None = None
        self._port = 0

    @property
    def address(self) -> str:
        login = f"{self.login}@" if self.login else ""
        return f"{self.scheme}://{login}127.0.0.1:{self._port}/video"

    def switch_on(self) -> None:
        self._server = _Server(self._port, self._handler())
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def switch_off(self) -> None:
        if self._server is not None:
            self._server.dead.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def freeze(self) -> None:
        """Keep connections open and send nothing more."""
        assert self._server is not None
        self._server.frozen.set()

    def turn(self) -> None:
        """Go on upright, as a phone does that is turned."""
        assert self._server is not None
        self._server.turned.set()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        wanted = f"Basic {base64.b64encode(self.login.encode()).decode()}" if self.login else None

        class Jpegs(http.server.BaseHTTPRequestHandler):
            server: _Server

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                if self.headers.get("Authorization") != wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                    self.end_headers()
                    return
                self.send_response(200)
                kind = "multipart/x-mixed-replace; boundary=next"
                self.send_header("Content-Type", kind)
                self.end_headers()
                for number in _ticks(self.server):
                    jpegs = TURNED_JPEGS if self.server.turned.is_set() else JPEGS
                    jpeg = jpegs[number % len(jpegs)]
                    head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}"
                    self.wfile.write(head.encode() + b"\r\n\r\n" + jpeg + b"\r\n")

        return Jpegs


class RtspCamera(NetworkCamera):
    """The same over RTSP, its packets within the one connection (RFC 2326, section 10.12)."""

    scheme = "rtsp"

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        class Rtsp(socketserver.StreamRequestHandler):
            server: _Server

            def handle(self) -> None:
                while line := self.rfile.readline():
                    verb = line.decode().split()[0]
                    heads = {}
                    while head := self.rfile.readline().strip():
                        key, _, value = head.decode().partition(": ")
                        heads[key] = value
                    more, body = ANSWERS.get(verb, ""), SDP if verb == "DESCRIBE" else ""
                    answer = f"RTSP/1.0 200 OK\r\nCSeq: {heads['CSeq']}\r\n{more}"
                    answer += f"Content-Length: {len(body)}\r\n\r\n{body}"
                    self.wfile.write(answer.encode())
                    if verb == "PLAY":
                        self.play()
                        return

            def play(self) -> None:
                sequence = 0
                units_of = _h264(self.server.turned)
                for (stamp, units), _ in zip(units_of, _ticks(self.server), strict=False):
                    for unit in units:
                        last = 0x80 if unit is units[-1] else 0
                        head = struct.pack("!BBHII", 0x80, 96 | last, sequence & 0xFFFF, stamp, 7)
                        sequence += 1
                        size = struct.pack("!H", len(head) + len(unit))
                        self.wfile.write(b"$\0" + size + head + unit)

        return Rtsp


ANSWERS = {
    "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n",
    "DESCRIBE": "Content-Type: application/sdp\r\n",
    "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",
    "PLAY": "Session: 1\r\n",
}

SDP = "\r\n".join(
    (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=camera",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 H264/90000",
        "a=fmtp:96 packetization-mode=1",
        "a=control:track1",
        "",
    )
)


def _shade(number: int, *, turned: bool = False) -> np.ndarray:
    shape = (WIDTH_PX, HEIGHT_PX, 3) if turned else (HEIGHT_PX, WIDTH_PX, 3)
    return np.full(shape, SHADES[number % len(SHADES)], np.uint8)


JPEGS, TURNED_JPEGS = (
    [
        cv2.imencode(".jpg", _shade(number, turned=turned))[1].tobytes()
        for number in range(len(SHADES))
    ]
    for turned in (False, True)
)


def _h264(turned: threading.Event) -> Iterator[tuple[int, list[bytes]]]:
    """Time stamp at 90 kHz and the units of each picture, without end."""
    encoder = _encoder(turned=False)
    for number in itertools.count():
        if turned.is_set() and encoder.width == WIDTH_PX:
            encoder = _encoder(turned=True)
        shade = _shade(number, turned=encoder.width != WIDTH_PX)
        frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
        frame.pts, frame.time_base = number * 90_000 // FPS, Fraction(1, 90_000)
        for packet in encoder.encode(frame):
            units = bytes(packet).replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
            yield packet.pts, [unit for unit in units if unit]


def _encoder(*, turned: bool) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("libx264", "w")
    size_px = (HEIGHT_PX, WIDTH_PX) if turned else (WIDTH_PX, HEIGHT_PX)
    encoder.width, encoder.height, encoder.pix_fmt = *size_px, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, 90_000), Fraction(FPS)
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "g": "10"}
    return encoder


def _ticks(server: _Server) -> Iterator[int]:
    """Counts at the camera's rate until it is switched off; stands still while frozen."""
    begun_s = time.monotonic()
    for number in itertools.count():
        if server.dead.wait(max(0.0, begun_s + number / FPS - time.monotonic())):
            return
        while server.frozen.is_set() and not server.dead.wait(0.01):
            pass
        yield number


@contextmanager
def switched_on(camera: NetworkCamera) -> Iterator[NetworkCamera]:
    camera.switch_on()
    try:
        yield camera
    finally:
        camera.switch_off()

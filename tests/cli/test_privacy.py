"""A check by the command line makes no contact with any other machine: its system calls say so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?inet_(?:addr|pton)\((?:AF_INET6, )?"([^"]+)"')
ELSEWHERE = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
    udp.connect(("192.0.2.1", 443))
"""
"""A UDP connect sends nothing; 192.0.2.1 is an address for documentation (RFC 5737)."""


def contacts(command: list[str], where: Path) -> set[tuple[str, int]]:
    """Every internet address and port that a command and its children connect or send to."""
    log = where / "network.strace"
    traced = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(log)]
    done = subprocess.run(
        [*traced, *command], cwd=where, capture_output=True, text=True, check=False
    )
    if done.returncode != 0 and "ptrace" in done.stderr.lower():
        pytest.skip("this machine does not allow strace to trace")
    assert done.returncode == 0, done.stderr
    found = ADDRESS.findall(log.read_text(errors="replace"))
    return {(address, int(port)) for port, address in found}


needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")


@needs_strace
def test_a_contact_would_be_seen(tmp_path) -> None:
    assert contacts([sys.executable, "-c", ELSEWHERE], tmp_path) == {("192.0.2.1", 443)}


@needs_strace
@pytest.mark.timeout(900)
def test_check_contacts_nothing_but_the_closed_port(butt_wink_clip, tmp_path) -> None:
    command = [sys.executable, "-m", "hingecheck", "check", str(butt_wink_clip), "--model", "lite"]
    assert contacts(command, tmp_path) <= {("127.0.0.1", 9)}
    assert (tmp_path / "rdl_butt_wink.hingecheck" / "result.json").is_file()

"""Video files in and out: facts, frames on their real clock, and H.264 with sound."""

from __future__ import annotations

from hingecheck.clip.probe import ClipInfo, probe
from hingecheck.clip.read import ClipReader, Frame
from hingecheck.clip.write import ClipWriter

__all__ = ["ClipInfo", "ClipReader", "ClipWriter", "Frame", "probe"]

"""What a batch is asked for, the same for every clip, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from hingecheck import __version__
from hingecheck.motion.records import Lift
from hingecheck.overlay.film import Pictures
from hingecheck.pose.models import PoseModel, find_bundle, shipped_folder

__all__ = ["Settings", "clip_id"]

_WEIGHTS = ("spine.npz", "lift.npz")
"""Models besides MediaPipe's; with other weights the same clip gives other numbers."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What changes a result.

    Attributes:
        lift: Which lift it is; None finds out, clip by clip.
        model: Which pose model looks.
        pictures: Which pictures are kept.
        anonymous: Whether names and paths are kept out of everything written.
    """

    lift: Lift | None = None
    model: PoseModel = PoseModel.FULL
    pictures: Pictures = field(default_factory=lambda: Pictures(thumbnail=True))
    anonymous: bool = False

    def fingerprint(self) -> str:
        """Eight hexadecimal digits that change with the settings, the models and the version.

        Raises:
            ModelError: A model is missing or damaged.
        """
        facts = {
            **asdict(self),
            "version": __version__,
            "pose": find_bundle(self.model).sha256,
            "weights": [
                hashlib.sha256((shipped_folder() / name).read_bytes()).hexdigest()
                for name in _WEIGHTS
            ],
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:8]


def clip_id(sha256: str, fingerprint: str) -> str:
    """A clip's identity: its content and what was asked of it."""
    return f"{sha256[:16]}-{fingerprint}"

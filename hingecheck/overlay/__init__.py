"""An analysis drawn onto its own clip: the back, its ghost, the trace and the words."""

from __future__ import annotations

from hingecheck.overlay.overlay import Overlay

__all__ = ["Overlay"]

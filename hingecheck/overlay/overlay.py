"""The overlay: an analysis drawn onto the clip's own frames."""

from __future__ import annotations

from hingecheck.errors import UsageError
from hingecheck.form.records import Analysis
from hingecheck.overlay.back import Back
from hingecheck.overlay.faces import Faces
from hingecheck.overlay.layout import Layout, body_points
from hingecheck.overlay.limbs import Limbs
from hingecheck.overlay.plate import Plates
from hingecheck.overlay.sticker import Picture
from hingecheck.overlay.text import Typesetter
from hingecheck.overlay.trace import TracePanel

__all__ = ["Overlay"]


class Overlay:
    """Draws any frame of one analysis, in any order, onto upright pictures of one size.

    Where the view is refused, so are back and trace: limbs and words are left. What depends on the
    clip alone is prepared once. One instance serves one thread at a time.

    Args:
        analysis: The clip's analysis.
        width_px: Width of the pictures to draw on; coordinates scale to it.
        height_px: Height of the pictures to draw on.
        blur_faces: Whether to hide heads first, so that every line stays crisp above them.
    """

    def __init__(
        self, analysis: Analysis, width_px: int, height_px: int, *, blur_faces: bool = False
    ) -> None:
        body_px = body_points(analysis, width_px, height_px)
        layout = Layout.plan(width_px, height_px, body_px)
        setter = Typesetter()
        self._graded = analysis.view.gradeable
        self._shape = (height_px, width_px, 3)
        self._faces = Faces(analysis, width_px, height_px) if blur_faces else None
        self._limbs = Limbs(analysis, width_px, height_px)
        self._back = Back(analysis, width_px, height_px)
        self._trace = TracePanel(analysis, layout, setter)
        self._plates = Plates(analysis, layout, body_px, setter)

    def draw(self, rgb: Picture, frame: int) -> Picture:
        """Draw a frame's body, trace and words in place, and return the same picture.

        Args:
            rgb: (height, width, 3) uint8, the upright picture.
            frame: Its index in the analysis.

        Raises:
            UsageError: If the picture has another size.
        """
        self._draw_body(rgb, frame)
        if self._graded:
            self._trace.draw(rgb, frame)
        self._plates.draw(rgb, frame)
        return rgb

    def still(self, rgb: Picture, frame: int) -> Picture:
        """Draw a frame that stands alone in a report: the body, without trace and words.

        Args:
            rgb: (height, width, 3) uint8, the upright picture.
            frame: Its index in the analysis.

        Raises:
            UsageError: If the picture has another size.
        """
        self._draw_body(rgb, frame)
        return rgb

    def _draw_body(self, rgb: Picture, frame: int) -> None:
        if rgb.shape != self._shape:
            raise UsageError(
                f"overlay: expected pictures of shape {self._shape}, got {rgb.shape}. "
                "Turn the picture upright, or make an Overlay of its size."
            )
        if self._faces is not None:
            self._faces.hide(rgb, frame)
        self._limbs.draw(rgb, frame)
        if self._graded:
            self._back.draw(rgb, frame)

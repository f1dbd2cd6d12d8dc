"""One body for all tests of the simulator, and a camera whose frames are quickly drawn."""

from __future__ import annotations

import pytest

from hingecheck.simulate.body import Body, Physique, build_body
from hingecheck.simulate.lifter import Lifter, Standing
from hingecheck.simulate.render import Camera


@pytest.fixture(scope="session")
def body() -> Body:
    return build_body(Physique())


@pytest.fixture(scope="session")
def lifter(body: Body) -> Lifter:
    """Somebody whose own standing is not the mesh's."""
    return Lifter(body, Standing(pelvic_tilt_deg=4, lumbar_flexion_deg=-7, thoracic_flexion_deg=3))


@pytest.fixture(scope="session")
def small_camera() -> Camera:
    return Camera(width_px=240, height_px=320, distance_m=4.0, view_angle_deg=32)

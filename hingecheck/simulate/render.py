"""A simulated lifter on film: camera, gym, light and barbell, drawn off-screen by PyVista."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from hingecheck.simulate.anatomy import Posture
from hingecheck.simulate.gym import Gym, furnish
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.outfit import Outfit, dress

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Barbell", "Camera", "Renderer", "Scene"]

Rgb = tuple[int, int, int]
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the phone stands.

    Attributes:
        facing: +1 the lifter faces image right, -1 image left.
        yaw_deg: How far the camera is walked round from the true side view; positive towards
            the lifter's front, negative towards the back.
        distance_m: To the lifter's mid-foot, along the floor.
        height_m: Of the lens.
        aim_height_m: Height of the point on the lifter's vertical that is at the image centre.
        view_angle_deg: Vertical field of view; it stands for the focal length.
        width_px: Frame width.
        height_px: Frame height.
    """

    facing: int = 1
    yaw_deg: float = 0.0
    distance_m: float = 3.6
    height_m: float = 1.0
    aim_height_m: float = 0.92
    view_angle_deg: float = 34.0
    width_px: int = 960
    height_px: int = 720


@dataclass(frozen=True, slots=True)
class Barbell:
    """A bar with a plate on either end.

    Attributes:
        plate_radius_m: 0.225 is a full-size plate.
        plate_colour: sRGB.
        plate_centre_m: Distance of a plate's middle from the bar's middle.
    """

    plate_radius_m: float = 0.16
    plate_colour: Rgb = (44, 46, 50)
    plate_centre_m: float = 0.72


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a clip shows apart from the movement."""

    lifter: Lifter
    outfit: Outfit = field(default_factory=Outfit)
    camera: Camera = field(default_factory=Camera)
    barbell: Barbell = field(default_factory=Barbell)
    gym: Gym = field(default_factory=Gym)


class Renderer:
    """Draws postures of one scene. A context manager, since it holds an off-screen window."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        dressed = dress(scene.lifter.body, scene.outfit)
        self._surface = dressed.surface
        camera = scene.camera
        self._plotter = pv.Plotter(off_screen=True, window_size=[camera.width_px, camera.height_px])
        self._plotter.enable_anti_aliasing("msaa", multi_samples=4)
        corners = np.full((len(self._surface.faces), 1), 3)
        self._person = pv.PolyData(
            self._surface.vertices_m, np.hstack([corners, self._surface.faces])
        )
        self._person["colour"] = dressed.colours
        self._plotter.add_mesh(
            self._person,
            scalars="colour",
            rgb=True,
            smooth_shading=True,
            split_sharp_edges=False,
            ambient=0.22,
            diffuse=0.78,
            specular=0.08,
            specular_power=12,
        )
        self._bar_actors = [
            self._plotter.add_mesh(
                mesh,
                color=colour,
                ambient=0.25,
                specular=shine,
                smooth_shading=True,
                split_sharp_edges=True,
            )
            for mesh, colour, shine in _barbell_meshes(scene.barbell)
        ]
        self._shadow = furnish(self._plotter, scene.gym)
        self._aim()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._plotter.close()

    def draw(self, posture: Posture) -> Image:
        """One frame, RGB, (height_px, width_px, 3)."""
        vertices = posture.skin(self._surface)
        self._person.points = vertices
        self._person.compute_normals(
            cell_normals=False, split_vertices=False, consistent_normals=False, inplace=True
        )
        for actor in self._bar_actors:
            actor.SetPosition(*posture.bar_m)
        self._shadow.place(vertices, posture.bar_m)
        self._plotter.render()
        frame = self._plotter.screenshot(return_img=True)
        image: Image = np.ascontiguousarray(frame[:, :, :3])
        return image

    def _aim(self) -> None:
        camera = self._scene.camera
        around = np.radians(camera.yaw_deg)
        position = np.array(
            [
                camera.distance_m * np.sin(around),
                -camera.facing * camera.distance_m * np.cos(around),
                camera.height_m,
            ]
        )
        self._plotter.camera.position = tuple(position)
        self._plotter.camera.focal_point = (0.0, 0.0, camera.aim_height_m)
        self._plotter.camera.up = (0.0, 0.0, 1.0)
        self._plotter.camera.view_angle = camera.view_angle_deg
        self._plotter.camera.clipping_range = (0.3, 30.0)


def _barbell_meshes(barbell: Barbell) -> list[tuple[pv.PolyData, Rgb, float]]:
    def disc(radius_m: float, thickness_m: float, centre_m: float) -> pv.PolyData:
        return pv.Cylinder(
            center=(0, centre_m, 0),
            direction=(0, 1, 0),
            radius=radius_m,
            height=thickness_m,
            resolution=64,
        )

    steel, hub = (176, 178, 182), (120, 122, 126)
    parts = [(disc(0.014, 1.4, 0.0), steel, 0.4)]
    for side in (-1, 1):
        centre = side * barbell.plate_centre_m
        radius = barbell.plate_radius_m
        parts.append((disc(0.025, 0.3, centre), steel, 0.3))
        parts.append((disc(radius, 0.045, centre), barbell.plate_colour, 0.1))
        rim = tuple(int(0.75 * value) for value in barbell.plate_colour)
        parts.append((disc(0.72 * radius, 0.049, centre), (rim[0], rim[1], rim[2]), 0.1))
        parts.append((disc(0.3 * radius, 0.055, centre), hub, 0.2))
    return parts

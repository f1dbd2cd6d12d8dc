"""A simulated lifter on film: camera, gym, light and equipment, drawn off-screen by PyVista."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import cv2
import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from hingecheck.simulate.anatomy import Posture
from hingecheck.simulate.body import Floats
from hingecheck.simulate.bystander import draw_bystander
from hingecheck.simulate.equipment import Barbell, Bell, equipment_parts, shadow_width_m
from hingecheck.simulate.gym import Gym, furnish
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.outfit import Outfit, dress
from hingecheck.simulate.walls import WALL_PX_PER_M

__all__ = ["Barbell", "Camera", "Renderer", "Scene"]

Rgb = tuple[int, int, int]
Image = NDArray[np.uint8]

# Large frames are smooth enough with fewer samples; the largest are a little soft, as video is.
_DRAWN_PX = 1.0e6
_LEAST_OVERSAMPLING, _MOST_OVERSAMPLING = 0.75, 1.5


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
        aim_side_m: How far to the image's right of that vertical the camera is aimed; positive
            puts the lifter left of the centre.
        roll_deg: Phone held askew; positive turns the picture's content clockwise.
    """

    facing: int = 1
    yaw_deg: float = 0.0
    distance_m: float = 3.6
    height_m: float = 1.0
    aim_height_m: float = 0.92
    view_angle_deg: float = 34.0
    width_px: int = 960
    height_px: int = 720
    aim_side_m: float = 0.0
    roll_deg: float = 0.0

    @property
    def position_m(self) -> Floats:
        """Of the lens, (3,)."""
        around = np.radians(self.yaw_deg)
        return np.array(
            [
                self.distance_m * np.sin(around),
                -self.facing * self.distance_m * np.cos(around),
                self.height_m,
            ]
        )

    @property
    def aim_m(self) -> Floats:
        """The point at the image centre, (3,)."""
        around = np.radians(self.yaw_deg)
        right = np.array([self.facing * np.cos(around), np.sin(around), 0.0])
        return self.aim_side_m * right + [0.0, 0.0, self.aim_height_m]

    def project(self, points_m: Floats) -> Floats:
        """Where world points, (n, 3), are in the frame: x right and y down, px, (n, 2)."""
        ahead = self.aim_m - self.position_m
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        offset = points_m - self.position_m
        flat = np.stack([offset @ right, -(offset @ np.cross(right, ahead))], axis=1)
        flat /= (offset @ ahead)[:, None]
        c, s = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        focal_px = 0.5 * self.height_px / np.tan(np.radians(self.view_angle_deg / 2))
        centre = np.array([self.width_px / 2, self.height_px / 2])
        pixels: Floats = centre + focal_px * flat @ np.array([[c, s], [-s, c]])
        return pixels


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a clip shows apart from the movement."""

    lifter: Lifter
    outfit: Outfit = field(default_factory=Outfit)
    camera: Camera = field(default_factory=Camera)
    barbell: Barbell = field(default_factory=Barbell)
    bell: Bell = field(default_factory=Bell)
    gym: Gym = field(default_factory=Gym)


class Renderer:
    """Draws postures of one scene. A context manager, since it holds an off-screen window."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        dressed = dress(scene.lifter.body, scene.outfit)
        self._surface = dressed.surface
        camera = scene.camera
        scale = _oversampling(camera)
        self._plotter = pv.Plotter(
            off_screen=True,
            window_size=[round(scale * camera.width_px), round(scale * camera.height_px)],
        )
        self._plotter.disable_anti_aliasing()
        # Order-independent translucency costs a third of a frame in software; the only
        # translucent things are floor shadows and glass, added far to near.
        self._plotter.renderer.SetUseOIT(False)
        corners = np.full((len(self._surface.faces), 1), 3)
        self._person = pv.PolyData(
            self._surface.vertices_m, np.hstack([corners, self._surface.faces])
        )
        self._person["colour"] = dressed.colours
        person = self._plotter.add_mesh(
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
        parts = equipment_parts(scene.lifter, scene.barbell, scene.bell)
        self._held = [
            (
                part,
                self._plotter.add_mesh(
                    part.mesh,
                    color=part.colour,
                    ambient=0.25,
                    specular=part.shine,
                    smooth_shading=True,
                    split_sharp_edges=True,
                ),
            )
            for part in parts
        ]
        self._reflected = [
            (actor, self._plotter.add_actor(pv.Actor(mapper=actor.mapper, prop=actor.prop))[0])
            for actor in (person, *(actor for _, actor in self._held))
            if scene.gym.mirror
        ]
        self._mirror = _reflection(camera.facing * scene.gym.wall_distance_m)
        rng = np.random.default_rng(scene.gym.seed)
        figures = [
            draw_bystander(scene.lifter, rng, WALL_PX_PER_M) for _ in range(scene.gym.bystanders)
        ]
        self._shadow = furnish(self._plotter, scene.gym, figures)
        self._aim()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._plotter.close()

    def draw(self, posture: Posture) -> Image:
        """One frame, RGB, (height_px, width_px, 3)."""
        vertices = posture.skin(self._surface)
        self._person.points = vertices
        self._person.compute_normals(
            cell_normals=False, split_vertices=False, consistent_normals=False, inplace=True
        )
        for part, actor in self._held:
            actor.user_matrix = part.placed(self._scene.lifter, posture)
        self._shadow.place(vertices, posture.bar_m, shadow_width_m(self._scene.lifter.equipment))
        for actor, twin in self._reflected:
            twin.user_matrix = self._mirror @ actor.user_matrix
        self._plotter.render()
        frame = np.ascontiguousarray(self._plotter.screenshot(return_img=True)[:, :, :3])
        camera = self._scene.camera
        size = (camera.width_px, camera.height_px)
        shrinking = frame.shape[1] >= camera.width_px
        method = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(frame, size, interpolation=method), dtype=np.uint8)

    def _aim(self) -> None:
        camera = self._scene.camera
        self._plotter.camera.position = tuple(camera.position_m)
        self._plotter.camera.focal_point = tuple(camera.aim_m)
        self._plotter.camera.up = (0.0, 0.0, 1.0)
        self._plotter.camera.view_angle = camera.view_angle_deg
        self._plotter.camera.clipping_range = (0.3, 30.0)
        self._plotter.camera.Roll(-camera.roll_deg)


def _reflection(distance_m: float) -> Floats:
    """Homogeneous reflection in the vertical plane y = `distance_m`, (4, 4)."""
    matrix = np.diag([1.0, -1.0, 1.0, 1.0])
    matrix[1, 3] = 2 * distance_m
    return matrix


def _oversampling(camera: Camera) -> float:
    """Drawn pixels per frame pixel and side: smooth edges for less than multisampling costs."""
    wanted = np.sqrt(_DRAWN_PX / (camera.width_px * camera.height_px))
    return float(np.clip(wanted, _LEAST_OVERSAMPLING, _MOST_OVERSAMPLING))

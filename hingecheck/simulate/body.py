"""One lifter's body: an Anny mesh with its bones, shaped by a handful of plain traits.

Coordinates here and in the rest of the package are metres with x forward (the way the
lifter faces), y to the lifter's left and z up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Body", "Physique", "build_body", "random_physique"]

Floats = NDArray[np.float64]

# Anny faces -y with its left along +x; this turns it to face +x.
_ANNY_TO_LIFTER = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, slots=True)
class Physique:
    """What a lifter looks like, before any pose.

    Attributes:
        gender: 0 male shape, 1 female shape.
        age: Anny's age axis; 0.67 young adult, 1 old.
        muscle: 0 slight, 1 very muscular.
        weight: 0 lean, 1 heavy.
        height: 0 short, 1 tall.
        proportions: 0 uncommon, 1 idealised proportions.
        local: Anny local changes by name, each about -1 to 1 (`buttocks-volume-incr`, ...).
    """

    gender: float = 0.0
    age: float = 0.67
    muscle: float = 0.6
    weight: float = 0.45
    height: float = 0.4
    proportions: float = 0.6
    local: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """A mesh at rest, its bones, and how strongly each bone holds each vertex.

    Attributes:
        vertices_m: Rest vertices, (vertices, 3).
        faces: Triangles as vertex indices, (faces, 3).
        bone_names: Anny's bone names, parents before children.
        parents: Index of each bone's parent, -1 for the root, (bones,).
        heads_m: Rest joint positions, (bones, 3).
        weights: Skinning weights, rows sum to 1, (vertices, bones).
        mid_foot_m: Half-way from heel to toe joint, forward of the ankle.
    """

    vertices_m: Floats
    faces: NDArray[np.int64]
    bone_names: tuple[str, ...]
    parents: NDArray[np.int64]
    heads_m: Floats
    weights: Floats
    mid_foot_m: float

    def bone(self, name: str) -> int:
        """Index of the bone called `name`; an unknown name raises ValueError."""
        return self.bone_names.index(name)

    def head(self, name: str) -> Floats:
        """Rest position of a joint, (3,)."""
        position: Floats = self.heads_m[self.bone(name)]
        return position

    def mid(self, name: str) -> Floats:
        """Rest midpoint of a left-right pair of joints, (3,); `name` without `.L`/`.R`."""
        return self.middle(self.heads_m, name)

    def middle(self, joints_m: Floats, name: str) -> Floats:
        """Midpoint of a left-right pair in posed joints, (bones, 3); `name` without side."""
        left, right = joints_m[self.bone(f"{name}.L")], joints_m[self.bone(f"{name}.R")]
        position: Floats = (left + right) / 2
        return position

    @property
    def stature_m(self) -> float:
        """Height of the rest mesh."""
        return float(np.ptp(self.vertices_m[:, 2]))


@cache
def _anny() -> Any:
    import torch

    torch.set_num_threads(1)
    import anny
    from anny.paths import get_anny_cache_path
    from filelock import FileLock

    cache = get_anny_cache_path()
    cache.mkdir(parents=True, exist_ok=True)
    # The first process on a machine fills the cache in place; others would read half of it.
    with FileLock(cache / "hingecheck.lock"):
        return anny.Anny(local_changes="default", phenotypes="default", skinning_method="lbs")


def build_body(physique: Physique) -> Body:
    """Shape a body. The very first call on a machine fills Anny's cache (about 40 s).

    An unknown name in `physique.local` raises ValueError.
    """
    model = _anny()
    phenotype = {
        label: getattr(physique, label)
        for label in ("gender", "age", "muscle", "weight", "height", "proportions")
    }
    rest = model(phenotype_kwargs=phenotype, local_changes_kwargs=physique.local)
    vertices = rest["rest_vertices"][0].numpy().astype(np.float64) @ _ANNY_TO_LIFTER.T
    heads = rest["rest_bone_heads"][0].numpy().astype(np.float64) @ _ANNY_TO_LIFTER.T
    weights = np.zeros((len(vertices), len(model.bone_labels)))
    rows = np.arange(len(vertices))[:, None]
    np.add.at(
        weights,
        (rows, model.vertex_bone_indices.numpy()),
        model.vertex_bone_weights.numpy(),
    )
    names = tuple(model.bone_labels)
    return Body(
        vertices_m=vertices,
        faces=model.get_triangular_faces().numpy().astype(np.int64),
        bone_names=names,
        parents=np.asarray(model.bone_parents, dtype=np.int64),
        heads_m=heads,
        weights=weights,
        mid_foot_m=_mid_foot_m(names, vertices, heads, weights),
    )


def _mid_foot_m(names: tuple[str, ...], vertices: Floats, heads: Floats, weights: Floats) -> float:
    ankle = float(heads[names.index("foot.L"), 0])
    toe = float(heads[names.index("toe2-3.L"), 0])
    foot = [i for i, name in enumerate(names) if name.startswith(("foot", "toe"))]
    heel = float(vertices[weights[:, foot].sum(axis=1) > 0.5, 0].min())
    return (heel + toe) / 2 - ankle


# Spread of the local changes, as one standard deviation: what moves the edge of the body
# between neck and knee in a side view.
_LOCAL_SPREAD = {
    "buttocks-volume-incr": 0.5,
    "hip-scale-depth-incr": 0.35,
    "hip-scale-horiz-incr": 0.3,
    "hip-trans-forward": 0.15,
    "stomach-pregnant-incr": 0.2,
    "stomach-tone-incr": 0.4,
    "pelvis-tone-incr": 0.4,
    "torso-muscle-dorsi-incr": 0.5,
    "torso-muscle-pectoral-incr": 0.4,
    "torso-scale-depth-incr": 0.3,
    "torso-vshape-incr": 0.4,
    "measure-waist-circ-incr": 0.3,
    "measure-hips-circ-incr": 0.3,
    "measure-waisttohip-dist-incr": 0.3,
    "measure-napetowaist-dist-incr": 0.3,
    "measure-shoulder-dist-incr": 0.3,
    "hip-waist-up": 0.25,
    "hip-trans-up": 0.2,
    "torso-trans-forward": 0.15,
    "stomach-navel-out": 0.2,
    "breast-volume-vert-up": 0.3,
    "neck-scale-depth-incr": 0.2,
    "neck-trans-forward": 0.2,
    "neck-back-scale-depth-incr": 0.2,
    "head-back-scale-depth-incr": 0.2,
}
_LOCAL_SPREAD_OF_BOTH_SIDES = {
    "upperleg-fat-incr": 0.4,
    "upperleg-muscle-incr": 0.4,
    "lowerleg-muscle-incr": 0.4,
    "upperarm-muscle-incr": 0.4,
    "upperarm-shoulder-muscle-incr": 0.4,
    "upperleg-scale-depth-incr": 0.3,
}


def random_physique(rng: np.random.Generator) -> Physique:
    """Draw an adult lifter: gender, build and local shape all vary on their own."""
    local = {
        name: float(np.clip(rng.normal(0, spread), -1, 1)) for name, spread in _LOCAL_SPREAD.items()
    }
    local["stomach-pregnant-incr"] = max(local["stomach-pregnant-incr"], 0.0)
    for name, spread in _LOCAL_SPREAD_OF_BOTH_SIDES.items():
        value = float(np.clip(rng.normal(0, spread), -1, 1))
        local[f"l-{name}"] = local[f"r-{name}"] = value
    return Physique(
        gender=float(np.clip(rng.choice([0.1, 0.9]) + rng.normal(0, 0.15), 0, 1)),
        age=float(rng.uniform(0.65, 0.9)),
        muscle=float(rng.uniform(0.2, 1.0)),
        weight=float(rng.uniform(0.15, 1.0)),
        height=float(rng.uniform(0.2, 0.55)),
        proportions=float(rng.uniform(0.15, 1.0)),
        local=local,
    )

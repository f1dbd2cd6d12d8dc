"""Train the spine model: `python -m hingecheck.simulate.train` (needs the `simulate` extra).

Films thousands of simulated lifters in single frames, looks at them through the real MediaPipe,
computes the same features as a check does, and fits an ensemble of small networks to the true
angles. Stopped, it goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import itertools
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import Progress

from hingecheck.pose.models import PoseModel
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import Segments, measure_segments
from hingecheck.simulate.examples import DESCENT, STANDING, TRUTHS, UPRIGHT, Examples
from hingecheck.simulate.harvest import CHUNK, harvest, read_harvest
from hingecheck.spine.features import LANDMARK_FEATURES, spine_features
from hingecheck.spine.model import CARD_NAME, MODEL_NAME, OwnShape, with_own_shape
from hingecheck.spine.network import SD_DEG, Network, standardised
from hingecheck.spine.profile import STATIONS, dorsal_profile
from hingecheck.spine.records import Outline, Profile

__all__ = ["Fitted", "Lifters", "fit", "main", "prepare"]

LEAST_LIFTERS = 160
"""Fewer leave nobody of every kind to hold out."""

QUANTITIES = 3
"""Pelvic tilt, lumbar and thoracic flexion: the first of `examples.TRUTHS`."""

HELD_OUT = 10
"""Every tenth lifter calibrates the uncertainty and is never trained on."""

UNIT_DEG = 10.0
"""Networks work in tens of degrees, so that weights stay near one."""

REAL_SD_DEG = (3.0, 3.0, 4.0)
"""Added for people: skin explains about half of the variance of bony lumbar curvature
(Zemp 2014, PLoS ONE e95426), and true changes of lumbar angles below 4-8 degrees cannot be told
even with laboratory sensors (Aasa 2019, doi 10.1080/14763141.2019.1675751)."""

# Chosen on lifters held out (docs/method.md): more or wider nets and more passes gain nothing.
_NETS = 5
_HIDDEN = (128, 128)
_DROPOUT = 0.1
_EPOCHS = 60
_BATCH = 256
_RATE, _DECAY = 3e-3, 1e-2
_BETA = 0.5
"""Half-way between the likelihood and squared error, as its authors advise (arXiv 2203.09168)."""

_LEAST_SPREAD = 1e-3
"""Inputs that never change are not blown up."""

_ONE_LOOK_SHARE = 0.3
"""Clips of few pictures a second have the plain look alone."""

_TOLD_SHARE = 0.67
_LOOK_KEPT = 0.7
"""How often a lifter's own shape is told, and each look at it kept: clips show it well, in part,
or not at all."""

_LANDMARK_OFF_DEG = (25.0, 30.0)
_LEAST_COVERAGE = 0.5
"""Frames whose trunk or thigh is read further off than any lifter's is, so that MediaPipe saw a
plate, a mirror or a bystander, and backs of which less is seen, are not learned from: a check
refuses them too."""


@dataclass(frozen=True, slots=True)
class Lifters:
    """Examples of all lifters as the networks see them.

    Attributes:
        features: (lifters, frames, 2, features) plainly and in the mirror; NaN where nobody, or
            somebody else, was found.
        truth_deg: (lifters, frames, 6) see `examples.TRUTHS`.
        kind: (lifters, frames) see `examples.FRAMES`.
        about: What each lifter was.
    """

    features: NDArray[np.float32]
    truth_deg: NDArray[np.float32]
    kind: NDArray[np.int8]
    about: list[dict[str, float | str]]

    def without_outline(self) -> Lifters:
        """The same lifters with nothing seen of them but the landmarks."""
        features = self.features.copy()
        features[..., LANDMARK_FEATURES:] *= 0
        return replace(self, features=features)

    def only(self, chosen: NDArray[np.bool_]) -> Lifters:
        """Some of the lifters, by a mask (lifters,)."""
        about = [about for about, keep in zip(self.about, chosen, strict=True) if keep]
        return Lifters(self.features[chosen], self.truth_deg[chosen], self.kind[chosen], about)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(lifters, frames, 2) looks that found the lifter."""
        return np.asarray(np.isfinite(self.features[..., 0]))


def prepare(examples: Iterable[Examples]) -> Lifters:
    """Features of every look at every lifter."""
    features, truths, kinds, abouts = [], [], [], []
    for one in examples:
        features.append(np.stack([_look(one, look) for look in (0, 1)], axis=1))
        truths.append(one.truth)
        kinds.append(one.kind)
        abouts.append(one.about)
    return Lifters(np.array(features, np.float32), np.array(truths), np.array(kinds), abouts)


def _look(one: Examples, look: int) -> FloatArray:
    """(frames, features) of one lifter in plain (0) or mirrored (1) pictures."""
    facing = int(one.about["facing"])
    track = Track(
        time_s=np.arange(len(one.truth), dtype=np.float64),
        landmarks_px=one.landmarks_px[:, look].astype(np.float64),
        world_m=one.world_m[:, look].astype(np.float64),
        visibility=one.visibility[:, look],
        width_px=int(one.about["width_px"]),
        height_px=int(one.about["height_px"]),
    )
    outline = Outline(STATIONS, one.outline[:, look, ..., :2], one.outline[:, look, ..., 2])
    segments = measure_segments(track, facing)
    dorsal = dorsal_profile(outline, track, facing)
    ventral = dorsal_profile(outline, track, -facing)
    features = spine_features(track, segments, dorsal, ventral, facing)
    features[~_trusted(one, segments, dorsal)] = np.nan
    return features


def _trusted(one: Examples, segments: Segments, dorsal: Profile) -> NDArray[np.bool_]:
    """Frames where MediaPipe saw the lifter and not a plate, a mirror or a bystander."""
    trunk, thigh = (one.truth[:, TRUTHS.index(f"{n}_inclination_deg")] for n in ("trunk", "thigh"))
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (np.abs(segments.trunk_deg - trunk) < _LANDMARK_OFF_DEG[0])
            & (np.abs(segments.thigh_deg - thigh) < _LANDMARK_OFF_DEG[1])
            & (dorsal.coverage >= _LEAST_COVERAGE)
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained network and how it did on the lifters held out.

    Attributes:
        network: Ready to run.
        shared: Share of the lumbar variance that a lifter's frames have in common.
        scores: Held-out figures for the model card, degrees.
    """

    network: Network
    shared: float
    scores: dict[str, float]


def fit(lifters: Lifters, *, seed: int = 0, epochs: int = _EPOCHS, progress: Progress) -> Fitted:
    """Fit the ensemble, then make its uncertainty honest on the lifters held out."""
    held_out = _held_out(lifters)
    batches = _Batches(lifters, ~held_out, seed)
    layers = _train(batches, epochs, seed, progress)
    network = Network(
        centre=batches.centre,
        spread=batches.spread,
        layers=layers,
        widen=np.ones(QUANTITIES, np.float32),
    )
    return _calibrated(network, lifters, held_out)


def _held_out(lifters: Lifters) -> NDArray[np.bool_]:
    return np.asarray(np.arange(len(lifters.about)) % HELD_OUT == HELD_OUT - 1)


class _Batches:
    """Random inputs and truths of the training lifters, standardised."""

    def __init__(self, lifters: Lifters, train: NDArray[np.bool_], seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._seen = lifters.seen
        self._relaxed, self._upright = (
            self._seen & (lifters.kind == kind)[..., None] for kind in (STANDING, UPRIGHT)
        )
        known = lifters.features[train][self._seen[train]]
        own = lifters.features[train][(self._relaxed | self._upright)[train]]
        flags = np.full(2, 0.5)
        self.centre = np.concatenate([known.mean(axis=0), own.mean(axis=0), flags]).astype(
            np.float32
        )
        self.spread = np.concatenate(
            [known.std(axis=0) + _LEAST_SPREAD, own.std(axis=0) + _LEAST_SPREAD, flags]
        ).astype(np.float32)
        self._features = np.nan_to_num(lifters.features)
        self._truth = lifters.truth_deg[..., :QUANTITIES] / np.float32(UNIT_DEG)
        self._index = np.argwhere(self._seen.any(axis=2) & train[:, None])

    @property
    def frames(self) -> int:
        return len(self._index)

    def draw(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Inputs (batch, inputs), standardised, and truths (batch, quantities)."""
        rng = self._rng
        lifter, frame = self._index[rng.integers(len(self._index), size=_BATCH)].T
        seen = self._seen[lifter, frame]
        one = seen & (rng.random(seen.shape) < 0.5)
        alone = (rng.random(len(lifter)) < _ONE_LOOK_SHARE) & one.any(axis=1)
        frames = _mean(self._features[lifter, frame], np.where(alone[:, None], one, seen))
        relaxed, told = (rng.random((len(lifter), 1, 1)) < share for share in (0.5, _TOLD_SHARE))
        shows = told & np.where(relaxed, self._relaxed[lifter], self._upright[lifter])
        shows &= rng.random(shows.shape) < _LOOK_KEPT
        # Nobody is their own zero in the frame that is to be judged.
        shows[np.arange(len(lifter)), frame] = False
        shows = shows.reshape(len(lifter), -1)
        own = _mean(self._features[lifter].reshape(*shows.shape, -1), shows)
        known = shows.any(axis=1)
        flags = np.stack([known, known & relaxed[:, 0, 0]], axis=1)
        x = np.concatenate([frames, own, flags], axis=1)
        return standardised(x, self.centre, self.spread), self._truth[lifter, frame]


def _mean(values: NDArray[np.float32], chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Mean over the second axis of the chosen ones, NaN where none is."""
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.einsum("nl,nlf->nf", chosen.astype(np.float32), values)
        return np.asarray(total / chosen.sum(axis=1, keepdims=True), np.float32)


def _train(
    batches: _Batches, epochs: int, seed: int, progress: Progress
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]:
    """Beta-NLL (Seitzer et al. 2022, arXiv 2203.09168) by AdamW with one learning-rate cycle."""
    torch.manual_seed(seed)
    sizes = (len(batches.centre), *_HIDDEN, 2 * QUANTITIES)
    weights = [
        torch.nn.Parameter(torch.randn(_NETS, before, after) * (2 / before) ** 0.5)
        for before, after in itertools.pairwise(sizes)
    ]
    biases = [torch.nn.Parameter(torch.zeros(_NETS, 1, after)) for after in sizes[1:]]
    steps = epochs * max(1, batches.frames // _BATCH)
    optimiser = torch.optim.AdamW([*weights, *biases], lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _RATE, total_steps=steps + 1, pct_start=0.1
    )
    limits = np.log(np.array(SD_DEG) / UNIT_DEG)
    task = progress.add_task("fit", total=steps)
    for _ in range(steps):
        drawn = [batches.draw() for _ in range(_NETS)]
        x = torch.tensor(np.stack([inputs for inputs, _ in drawn]))
        truth = torch.tensor(np.stack([truths for _, truths in drawn]))
        for depth, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            if depth:
                x = torch.nn.functional.dropout(torch.relu(x), _DROPOUT)
            x = x @ weight + bias
        mean, log_sd = (
            x[..., :QUANTITIES],
            x[..., QUANTITIES:].clamp(*limits),
        )
        loss = log_sd + 0.5 * ((truth - mean) / log_sd.exp()) ** 2
        loss = (loss * log_sd.exp().detach() ** (2 * _BETA)).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*weights, *biases], 5.0)
        optimiser.step()
        schedule.step()
        progress.advance(task)
    layers = [
        (weight.detach().numpy().copy(), bias.detach().numpy()[:, 0].copy())
        for weight, bias in zip(weights, biases, strict=True)
    ]
    # From tens of degrees to degrees: means scale, logarithms of deviations shift.
    last_weight, last_bias = layers[-1]
    last_weight[..., :QUANTITIES] *= UNIT_DEG
    last_bias[..., :QUANTITIES] *= UNIT_DEG
    last_bias[..., QUANTITIES:] += np.float32(np.log(UNIT_DEG))
    return tuple(layers)


def predict(
    network: Network, lifters: Lifters, own_kind: int | None
) -> tuple[FloatArray, FloatArray]:
    """Means and deviations of every frame, (lifters, frames, quantities), both looks averaged.

    `own_kind` says which frames tell the lifter's own shape: `STANDING`, `UPRIGHT` or none.
    """
    shape = (*lifters.kind.shape, QUANTITIES)
    mean, sd = np.full(shape, np.nan), np.full(shape, np.nan)
    for index, kind in enumerate(lifters.kind):
        seen = lifters.seen[index]
        good = seen.any(axis=1)
        if not good.any():
            continue
        frames = _mean(np.nan_to_num(lifters.features[index]), seen)
        up = frames[(kind == own_kind) & good]
        own = OwnShape(up.mean(axis=0), own_kind == STANDING) if len(up) else None
        mean[index, good], sd[index, good] = network(with_own_shape(frames[good], own))
    return mean, sd


def _calibrated(network: Network, lifters: Lifters, held_out: NDArray[np.bool_]) -> Fitted:
    """Widen the deviations until they are those of the errors on the lifters held out."""
    some = lifters.only(held_out)
    moving = ~np.isin(some.kind, (STANDING, UPRIGHT))
    scores: dict[str, float] = {}
    widen = np.ones(QUANTITIES)
    shared = 0.0
    for name, own_kind in (("nothing", None), ("upright", UPRIGHT), ("standing", STANDING)):
        mean, sd = predict(network, some, own_kind)
        error = mean - some.truth_deg[..., :QUANTITIES]
        error[~moving] = np.nan
        # The 95 % point rather than the root mean square: verdicts rest on 95 % intervals.
        widen = np.maximum(widen, np.nanpercentile(np.abs(error) / sd, 95, axis=(0, 1)) / 1.96)
        shared = _shared_variance(error[..., 1], some.kind)
        side = np.where(_side_view(some)[..., None], np.abs(error), np.nan)
        for quantity, value in zip(TRUTHS, np.nanmean(side, axis=(0, 1)), strict=False):
            scores[f"{quantity}_mae_{name}_seen"] = round(float(value), 2)
    wider = Network(network.centre, network.spread, network.layers, widen.astype(np.float32))
    return Fitted(wider, shared, scores)


def _side_view(lifters: Lifters) -> NDArray[np.bool_]:
    """(lifters, frames) leaning by more than 20 degrees, yaw at most 12, the full pose model."""
    yaw = np.array([abs(float(about["yaw_deg"])) for about in lifters.about])
    full = np.array([about["model"] == PoseModel.FULL for about in lifters.about])
    leaning = lifters.truth_deg[..., TRUTHS.index("trunk_inclination_deg")] > 20
    return np.asarray(leaning & (full & (yaw <= 12))[:, None])


def _shared_variance(error_deg: FloatArray, kind: NDArray[np.int8]) -> float:
    """Share of the variance that is the same in all frames of a descent.

    What remains is counted once in a tuck: its other end, the rhythm of the early descent, is a
    mean over many frames and has an uncertainty of its own.
    """
    of_set = np.where(kind == DESCENT, error_deg, np.nan)
    several = np.isfinite(of_set).sum(axis=1) > 1
    within = np.nanmean(np.nanvar(of_set[several], axis=1, ddof=1))
    return max(0.0, float(1 - within / np.nanvar(of_set)))


def write_model(
    fitted: Fitted, landmarks_only: Fitted, lifters: Lifters, folder: Path, seed: int
) -> None:
    """Write `spine.npz` and its card, `spine.json`.

    `landmarks_only` is the same fit to the same lifters without their outlines, for comparison.
    """
    path = folder / MODEL_NAME
    fitted.network.save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = {
        "schema": "hingecheck.spine/1",
        "version": digest[:8],
        "sha256": digest,
        "shared_variance": round(fitted.shared, 3),
        "real_sd_deg": REAL_SD_DEG,
        "training": {
            "command": "python -m hingecheck.simulate.train "
            f"--lifters {len(lifters.about)} --seed {seed}",
            "lifters": len(lifters.about),
            "held_out_lifters": int(_held_out(lifters).sum()),
            "recipe": "docs/method.md, 3: simulated lifters, features, networks",
            "frames": int(lifters.seen.any(axis=2).sum()),
            "first_lifter_seed": int(float(lifters.about[0]["seed"])),
            "networks": _NETS,
            "hidden": _HIDDEN,
            "epochs": _EPOCHS,
            "versions": {
                name: importlib.metadata.version(name)
                for name in ("anny", "mediapipe", "numpy", "pyvista", "torch")
            },
        },
        "held_out": {
            "every": HELD_OUT,
            "frames": "trunk leaning by more than 20 degrees, yaw up to 12, full pose model",
            **fitted.scores,
            "landmarks_only": landmarks_only.scores,
        },
        "licence": "Apache-2.0; trained on rendered bodies only (Anny, CC0), nobody was filmed",
    }
    (folder / CARD_NAME).write_text(json.dumps(card, indent=2) + "\n")


def main() -> None:
    """Parse the command line, harvest, fit and write."""
    parser = argparse.ArgumentParser(
        prog="python -m hingecheck.simulate.train",
        description=(__doc__ or "").splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--lifters", type=int, default=4000, help="simulated people to film")
    parser.add_argument("--seed", type=int, default=0, help="of the fit")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "hingecheck-lifters",
        help="where what MediaPipe saw is kept between runs",
    )
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder of the model")
    arguments = parser.parse_args()
    count = arguments.lifters
    if count < LEAST_LIFTERS or count % CHUNK:
        parser.error(f"--lifters {count}: expected {LEAST_LIFTERS} or more, a multiple of {CHUNK}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with Progress() as progress:
        films = progress.add_task("film", total=None)
        harvest(
            arguments.folder,
            count,
            progress=lambda done, total: progress.update(films, completed=done, total=total),
        )
        lifters = prepare(read_harvest(arguments.folder, count))
        fitted = fit(lifters, seed=arguments.seed, progress=progress)
        blind = fit(lifters.without_outline(), seed=arguments.seed, progress=progress)
    write_model(fitted, blind, lifters, arguments.out, arguments.seed)
    print(json.dumps(fitted.scores, indent=2))


if __name__ == "__main__":
    main()

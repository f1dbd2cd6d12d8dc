"""Train the lift model: `python -m hingecheck.simulate.train_lift --folder HARVEST`.

Learns to tell lifts apart from what the real MediaPipe saw of the lifters that
`hingecheck.simulate.train` filmed: the same files, a few minutes, the same model every time
(needs the `simulate` extra).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import itertools
import json
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from hingecheck.motion.lift_features import DEPTHS, lift_features
from hingecheck.motion.lift_model import CARD_NAME, LIFTS, MODEL_NAME, LiftModel, tempered
from hingecheck.motion.records import Lift
from hingecheck.pose.records import FloatArray, Track
from hingecheck.simulate import plan
from hingecheck.simulate.examples import DESCENT, UPRIGHT, Examples
from hingecheck.simulate.harvest import CHUNK, read_harvest
from hingecheck.spine.network import standardised

__all__ = ["Seen", "cross_validate", "fit", "main", "see"]

CALLED = {plan.Lift.STIFF_LEG: Lift.RDL, plan.Lift.TOE_TOUCH: Lift.HINGE}
"""Variations that a check calls by their lift's name."""

FOLDS = 5
LEAST_LIFTERS = 40

_BOTTOMS = 3
"""The deepest of so many frames of a descent that shows the lifter is the bottom; a check's
turning points lie where the lifter is seen, too."""

_CUT_SHORT = (0.5, 0.95)
"""Where a descent ends that a clip's end, or a plate before the lifter, cuts short: there a
deadlift looks like an RDL, and the networks are to know."""

_SIDE_YAW_DEG = 22.0
"""Accuracy is counted in views up to this far from the side; all are trained on."""

_SURE = 0.7

# Chosen by cross-validation over lifters: wider or more nets gain nothing.
_NETS = 5
_HIDDEN = (64, 64)
_DROPOUT = 0.25
_NOISE = 0.05
_SMOOTHING = 0.03
_STEPS = 1500
_BATCH = 256
_RATE, _DECAY = 4e-3, 2e-2
_LEAST_SPREAD = 1e-3
_TEMPERATURES = np.geomspace(0.4, 2.5, 60)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the networks learn from.

    Attributes:
        inputs: (lifters, 4, inputs) a descent in both looks' mean, plainly, in the mirror, and cut
            short; NaN where the lifter was not found.
        lift: (lifters,) index into `LIFTS`.
        yaw_deg: (lifters,) turn out of the side view, unsigned.
        seeds: First and last lifter's seed.
    """

    inputs: NDArray[np.float32]
    lift: NDArray[np.int64]
    yaw_deg: NDArray[np.float64]
    seeds: tuple[int, int]


def see(examples: Iterable[Examples]) -> Seen:
    """Every lifter's descent whose end was seen."""
    inputs, lifts, yaws, seeds = [], [], [], []
    for one in examples:
        looks = np.stack([_look(one, look) for look in (0, 1)])
        seeds.append(int(float(one.about["seed"])))
        rng = np.random.default_rng(seeds[-1])
        whole, *singles = (_descent(look, one) for look in (_mean(looks), *looks))
        rows = np.stack([whole, *singles, _cut_short(whole, rng.uniform(*_CUT_SHORT))])
        if np.isfinite(rows[0]).any():
            inputs.append(rows)
            made = plan.Lift(str(one.about["lift"]))
            lifts.append(LIFTS.index(CALLED.get(made) or Lift(made.value)))
            yaws.append(abs(float(one.about["yaw_deg"])))
    return Seen(
        np.array(inputs, np.float32), np.array(lifts), np.array(yaws), (min(seeds), max(seeds))
    )


def _look(one: Examples, look: int) -> FloatArray:
    """(frames, features) of one lifter in plain (0) or mirrored (1) pictures."""
    track = Track(
        time_s=np.arange(len(one.kind), dtype=np.float64),
        landmarks_px=one.landmarks_px[:, look].astype(np.float64),
        world_m=one.world_m[:, look].astype(np.float64),
        visibility=one.visibility[:, look],
        width_px=int(one.about["width_px"]),
        height_px=int(one.about["height_px"]),
    )
    return lift_features(track, int(one.about["facing"]))


def _descent(features: FloatArray, one: Examples) -> FloatArray:
    """The networks' inputs, (inputs,): the way down to the deepest frame seen, and upright."""
    down = features[one.kind == DESCENT].copy()
    seen = np.flatnonzero(np.isfinite(down[-_BOTTOMS:]).any(axis=1))
    if not len(seen):
        return np.full(down.size + down.shape[1], np.nan)
    down[-1] = down[len(down) - _BOTTOMS + seen[-1]]
    return np.concatenate([*down, _mean(features[one.kind == UPRIGHT])])


def _cut_short(inputs: FloatArray, end: float) -> FloatArray:
    """The inputs of a descent that ends at this share of the way down."""
    *down, upright = inputs.reshape(len(DEPTHS) + 1, -1)
    shares, values = np.array([0.0, *DEPTHS]), np.stack([upright, *down])
    shorter = [np.interp(end * np.array(DEPTHS), shares, column) for column in values.T]
    return np.concatenate([np.stack(shorter, axis=1).ravel(), upright])


def _mean(values: FloatArray) -> FloatArray:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice")
        return np.asarray(np.nanmean(values, axis=0))


def fit(seen: Seen, chosen: NDArray[np.bool_], seed: int) -> LiftModel:
    """Train on some of the lifters, by a mask (lifters,)."""
    rng = np.random.default_rng(seed)
    looks = np.isfinite(seen.inputs[chosen]).any(axis=2)
    rows, lift = seen.inputs[chosen][looks], np.repeat(seen.lift[chosen], looks.sum(axis=1))
    centre = np.nanmedian(rows, axis=0)
    spread = np.nanstd(rows, axis=0) + _LEAST_SPREAD
    x, y = torch.tensor(standardised(rows, centre, spread)), torch.tensor(lift)
    # No lift is likelier than another before the clip is seen.
    count = np.bincount(lift, minlength=len(LIFTS))
    weight = torch.tensor(len(lift) / len(LIFTS) / np.maximum(count, 1), dtype=torch.float32)
    torch.manual_seed(seed)
    sizes = (x.shape[1], *_HIDDEN, len(LIFTS))
    weights = [
        torch.nn.Parameter(torch.randn(_NETS, before, after) * (2 / before) ** 0.5)
        for before, after in itertools.pairwise(sizes)
    ]
    biases = [torch.nn.Parameter(torch.zeros(_NETS, 1, after)) for after in sizes[1:]]
    optimiser = torch.optim.AdamW([*weights, *biases], lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _RATE, total_steps=_STEPS + 1, pct_start=0.1
    )
    for _ in range(_STEPS):
        drawn = torch.tensor(rng.integers(len(y), size=(_NETS, _BATCH)))
        signal = x[drawn]
        signal = signal + _NOISE * torch.randn_like(signal)
        for depth, (matrix, bias) in enumerate(zip(weights, biases, strict=True)):
            if depth:
                signal = torch.nn.functional.dropout(torch.relu(signal), _DROPOUT)
            signal = signal @ matrix + bias
        loss = torch.nn.functional.cross_entropy(
            signal.flatten(0, 1), y[drawn].flatten(), weight, label_smoothing=_SMOOTHING
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    layers = tuple(
        (matrix.detach().numpy(), bias.detach().numpy()[:, 0])
        for matrix, bias in zip(weights, biases, strict=True)
    )
    return LiftModel(centre, spread, layers)


def cross_validate(seen: Seen, seed: int) -> FloatArray:
    """(lifters, lifts) the probabilities that networks trained on others give."""
    fold = np.random.default_rng(seed).permutation(len(seen.lift)) % FOLDS
    found = np.empty((len(seen.lift), len(LIFTS)))
    for held_out in range(FOLDS):
        mine = fold == held_out
        model = fit(seen, ~mine, seed)
        found[mine] = model.probabilities(seen.inputs[mine, 0])
    return found


def best_temperature(found: FloatArray, lift: NDArray[np.int64]) -> float:
    """The one under which the lifts that were right are the most probable."""

    def surprise(temperature: float) -> float:
        told = tempered(found, temperature)[np.arange(len(lift)), lift]
        return -float(np.log(told).mean())

    return float(min(_TEMPERATURES, key=surprise))


def _scores(found: FloatArray, seen: Seen) -> dict[str, object]:
    """Figures of the card: side views, one descent each, lifters the nets had not seen."""
    side = seen.yaw_deg <= _SIDE_YAW_DEG
    lift, guess = seen.lift[side], found[side].argmax(axis=1)
    confidence = found[side].max(axis=1)
    right, sure = guess == lift, confidence > _SURE
    return {
        "lifters": int(side.sum()),
        "yaw_up_to_deg": _SIDE_YAW_DEG,
        "right": round(float(right.mean()), 3),
        "mean_confidence": round(float(confidence.mean()), 3),
        f"share_above_{_SURE}": round(float(sure.mean()), 3),
        f"right_above_{_SURE}": round(float(right[sure].mean()), 3),
        "right_by_lift": {
            name.value: round(float(right[lift == index].mean()), 3)
            for index, name in enumerate(LIFTS)
            if (lift == index).any()
        },
    }


def write_model(
    model: LiftModel, scores: dict[str, object], seen: Seen, folder: Path, seed: int
) -> None:
    """Write `lift.npz` and its card, `lift.json`."""
    path = folder / MODEL_NAME
    model.save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = {
        "schema": "hingecheck.lift/1",
        "version": digest[:8],
        "sha256": digest,
        "lifts": [lift.value for lift in LIFTS],
        "temperature": round(model.temperature, 3),
        "training": {
            "command": "python -m hingecheck.simulate.train_lift --folder HARVEST "
            f"--seed {seed}, HARVEST as `python -m hingecheck.simulate.train` leaves it",
            "lifters": len(seen.lift),
            "lifter_seeds": list(seen.seeds),
            "inputs": seen.inputs.shape[2],
            "networks": _NETS,
            "hidden": _HIDDEN,
            "steps": _STEPS,
            "versions": {
                name: importlib.metadata.version(name)
                for name in ("anny", "mediapipe", "numpy", "pyvista", "torch")
            },
        },
        "cross_validation": {"folds_by_lifter": FOLDS, **scores},
        "licence": "Apache-2.0; trained on rendered bodies only (Anny, CC0), nobody was filmed",
    }
    (folder / CARD_NAME).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line, read the harvest, fit and write."""
    parser = argparse.ArgumentParser(
        prog="python -m hingecheck.simulate.train_lift",
        description=(__doc__ or "").splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--folder", type=Path, required=True, help="what `hingecheck.simulate.train` filmed"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the fit")
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder of the model")
    arguments = parser.parse_args()
    lifters = CHUNK * len(list(arguments.folder.glob("*.npz")))
    if lifters < LEAST_LIFTERS:
        parser.error(
            f"--folder {arguments.folder}: expected {LEAST_LIFTERS} or more lifters, got {lifters};"
            " film them with `python -m hingecheck.simulate.train`"
        )
    seen = see(read_harvest(arguments.folder, lifters))
    found = cross_validate(seen, arguments.seed)
    temperature = best_temperature(found, seen.lift)
    scores = _scores(tempered(found, temperature), seen)
    model = replace(
        fit(seen, np.ones(len(seen.lift), bool), arguments.seed), temperature=temperature
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_model(model, scores, seen, arguments.out, arguments.seed)
    print(json.dumps(scores, indent=2))


if __name__ == "__main__":
    main()

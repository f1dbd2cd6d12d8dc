"""One result in one format, written whole or not at all."""

from __future__ import annotations

import filecmp
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hingecheck.errors import OutputError, UsageError, reason_of
from hingecheck.export.c3d import write_c3d
from hingecheck.export.formats import PACKAGES, Format, default_name
from hingecheck.export.lab import LabMotion, in_lab
from hingecheck.export.mot import write_mot
from hingecheck.export.motion import Motion, read_motion
from hingecheck.export.netcdf import write_netcdf
from hingecheck.export.openpose import write_openpose
from hingecheck.export.table import write_csv, write_parquet
from hingecheck.export.trc import write_trc

__all__ = ["Exported", "export"]


GUESSED_BACK = (
    "The view or the clothing refuses every verdict on the back: pelvis and spine are a guess here."
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        path: The file, or OpenPose's folder.
        notes: Plain sentences on what was done to the movement on the way.
    """

    path: Path
    notes: tuple[str, ...]


def export(result: Path, to: Format, out: Path | None = None) -> Exported:
    """Write a result's landmarks and angles for other programs; see docs/export.md.

    Args:
        result: A result folder of `hingecheck check`, or its result.json.
        to: The format.
        out: The file, a new folder for OpenPose, or a folder that is there to put it in; default
            the current directory.

    Raises:
        UsageError: Another file is there already, or a package is missing.
        StoreError: The result cannot be read, or holds no landmarks.
        NothingSeen: Nothing in the clip can be told in that format.
        OutputError: It could not be written.
    """
    package = PACKAGES.get(to)
    if package is not None and find_spec(package) is None:
        raise UsageError(
            f"{to} needs {package}, which a check does not and so is not installed:"
            " pip install 'hingecheck[export]'"
        )
    motion = read_motion(result)
    final = Path.cwd() if out is None else out
    # pathlib's own raises where the name is too long.
    if os.path.isdir(final):  # noqa: PTH112
        final = final / default_name(result, to)
    with _placed(final) as partial:
        notes = _write(motion, to, partial, final)
    return Exported(final, notes)


def _write(motion: Motion, to: Format, path: Path, final: Path) -> tuple[str, ...]:
    match to:
        case Format.OPENPOSE:
            path.mkdir()
            write_openpose(motion, path, motion.name)
            return ()
        case Format.CSV | Format.PARQUET | Format.NETCDF:
            writers: dict[Format, Callable[[Motion, Path], None]] = {
                Format.CSV: write_csv,
                Format.PARQUET: write_parquet,
                Format.NETCDF: write_netcdf,
            }
            writers[to](motion, path)
            return _on_back(motion)
    lab = in_lab(motion)
    if to is Format.TRC:
        write_trc(lab, path, final.name)
        return _on_clock(lab)
    if to is Format.C3D:
        write_c3d(lab, path)
        return (*_on_clock(lab), *_on_back(motion))
    left_out = write_mot(lab, path, final.name, motion.seen.stature_cm)
    rows = len(lab.clock.time_s)
    gaps = f"{left_out} of {rows} rows are left out: pelvis or legs are not seen there."
    return (*_on_clock(lab), *((gaps,) if left_out else ()), *_on_back(motion))


def _on_clock(lab: LabMotion) -> tuple[str, ...]:
    if not lab.clock.resampled:
        return ()
    return (f"The clip's frames are uneven: written at an even {lab.clock.rate_hz:g} Hz.",)


def _on_back(motion: Motion) -> tuple[str, ...]:
    """Whether verdicts on the back are refused: by the view, or in every single rep."""
    reps = motion.result.reps
    told = motion.result.view.gradeable and (not reps or any(rep.gradeable for rep in reps))
    return () if told else (GUESSED_BACK,)


@contextmanager
def _placed(final: Path) -> Iterator[Path]:
    """A path beside `final` that takes its name when the block ends well.

    What is there already stays: the same content is left as it is, any other is refused. Nothing
    on the way has a longer name than `final`, whose own may be as long as file systems allow.
    """
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=".partial-", dir=final.parent, ignore_cleanup_errors=True
        ) as scratch:
            partial = Path(scratch) / "whole"
            yield partial
            if not os.path.lexists(final):
                partial.rename(final)
            elif not _same(partial, final):
                raise UsageError(
                    f"{final}: is there already and holds something else, so it is left alone."
                    " Remove it, or choose another --out."
                )
    except OSError as error:
        what = reason_of(error)
        raise OutputError(f"{final}: cannot be written ({what}). Choose another --out.") from error


def _same(one: Path, other: Path) -> bool:
    """Whether two files, or two folders of files, hold the same bytes under the same names."""
    if one.is_dir() != other.is_dir():
        return False
    if not one.is_dir():
        return other.is_file() and filecmp.cmp(one, other, shallow=False)
    names = {entry.name for entry in one.iterdir()}
    if names != {entry.name for entry in other.iterdir()}:
        return False
    return all(_same(one / name, other / name) for name in names)

"""Lifter profiles: what a lifter looks like standing relaxed, one file per lifter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hingecheck.errors import StoreError, UsageError
from hingecheck.spine.model import OwnShape
from hingecheck.store.history import ME
from hingecheck.store.place import checked_name, file_stem, remove_file, store_folder, write_whole

__all__ = [
    "SCHEMA",
    "ClipRef",
    "MostFlexion",
    "Profile",
    "checked_profile_name",
    "checked_stature_cm",
    "find_profile",
    "list_profiles",
    "profile_path",
    "read_profile",
    "remove_profile",
    "save_profile",
]

SCHEMA: Final = "hingecheck.profile/1"

STATURE_CM = (100.0, 250.0)
"""Outside of this a height was given in another unit."""


class _Record(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )


class ClipRef(_Record):
    """Which clip something was seen in."""

    name: str
    sha256: str


class MostFlexion(_Record):
    """The lifter's own maximum lumbar flexion, in a toe-touch.

    Attributes:
        lumbar_flexion_deg: From own relaxed standing.
        sd_deg: One standard deviation.
        clip: Where it was seen.
    """

    lumbar_flexion_deg: float = Field(gt=0)
    sd_deg: float = Field(ge=0)
    clip: ClipRef


class Profile(_Record):
    """A lifter's own standing, as one clip showed it.

    Attributes:
        schema_: The file's kind and version.
        name: As the lifter wrote it.
        date: When the standing was measured.
        clip: The clip of relaxed standing.
        model: The spine model that `standing_features` and `most_flexion` belong to.
        standing_features: Median of the spine model's inputs over relaxed standing
            (`spine.model.OwnShape`).
        neck_zero_deg: `pose.segments.Segments.neck_deg` over relaxed standing.
        trunk_thigh_deg: Trunk-thigh flexion over relaxed standing.
        knee_deg: Knee flexion over relaxed standing.
        most_flexion: Own maximum, where a toe-touch was filmed.
        stature_cm: Body height, where it was told.
    """

    schema_: Literal["hingecheck.profile/1"] = Field(default=SCHEMA, alias="schema")
    name: str
    date: dt.date
    clip: ClipRef
    model: str
    standing_features: Annotated[list[float], Field(min_length=1)]
    neck_zero_deg: float | None
    trunk_thigh_deg: float
    knee_deg: float
    most_flexion: MostFlexion | None = None
    stature_cm: float | None = Field(default=None, ge=STATURE_CM[0], le=STATURE_CM[1])

    def is_stale(self, model: str) -> bool:
        """Whether another spine model than the one named has measured this."""
        return self.model != model

    @property
    def stale_note(self) -> str:
        """What to say of a stale profile."""
        return (
            f"The profile {self.name} was measured with another spine model, so its standing is not"
            f" used. Film your standing once more: hingecheck profile new {self.name} CLIP."
        )

    def own_shape(self, model: str) -> OwnShape | None:
        """The lifter's relaxed standing for this spine model; None for a stale profile."""
        if self.is_stale(model):
            return None
        return OwnShape(np.array(self.standing_features), relaxed=True)

    def most_lumbar_deg(self, model: str) -> float | None:
        """Own maximum lumbar flexion; None where never filmed, and for a stale profile."""
        if self.is_stale(model) or self.most_flexion is None:
            return None
        return self.most_flexion.lumbar_flexion_deg

    def with_kept(self, earlier: Profile) -> Profile:
        """This profile with what only an earlier one knows: height, and a maximum still valid."""
        kept: dict[str, object] = {}
        if self.stature_cm is None:
            kept["stature_cm"] = earlier.stature_cm
        if self.most_flexion is None and not earlier.is_stale(self.model):
            kept["most_flexion"] = earlier.most_flexion
        return self.model_copy(update=kept)


def checked_stature_cm(height_cm: float | None) -> float | None:
    """A body height as told; raises `UsageError` for one that is no grown-up's in centimetres."""
    low, high = STATURE_CM
    if height_cm is not None and not low <= height_cm <= high:
        raise UsageError(
            f"height {height_cm:g}: expected {low:g} to {high:g} centimetres. Give it in those."
        )
    return height_cm


def checked_profile_name(name: str) -> str:
    """A profile's name as it is kept; raises `UsageError` for one that cannot be.

    `ME` cannot: its history is that of the screens that name no profile.
    """
    plain = checked_name(name)
    if file_stem(plain) == ME:
        raise UsageError(
            f"profile name {name!r}: is kept for screens without --profile, so no profile has it."
            " Choose another name, or leave --profile out."
        )
    return plain


def profile_path(name: str) -> Path:
    """Where a profile lies, or would; raises `UsageError` for a name or place that cannot be."""
    return store_folder("profiles") / f"{file_stem(checked_profile_name(name))}.json"


def save_profile(profile: Profile) -> Path:
    """Write a profile, in the place of an earlier one of that name; returns its path.

    Raises `OutputError` where it cannot be written.
    """
    path = profile_path(profile.name)
    write_whole(path, profile.model_dump_json(by_alias=True, indent=2) + "\n")
    return path


def read_profile(name: str) -> Profile:
    """Read a lifter's profile.

    Raises:
        UsageError: There is none of that name.
        StoreError: Its file is damaged, or is none of ours.
    """
    path = profile_path(name)
    if not path.is_file():
        known = ", ".join(list_profiles()) or "none yet"
        raise UsageError(
            f"profile {checked_name(name)!r}: there is none (stored: {known})."
            f" Film yourself standing relaxed and run `hingecheck profile new {name} CLIP`."
        )
    return _read(path)


def find_profile(name: str) -> Profile | None:
    """A lifter's profile; None where there is none of that name, or none that can be read."""
    path = profile_path(name)
    try:
        return _read(path) if path.is_file() else None
    except StoreError:
        return None


def list_profiles() -> list[str]:
    """Names of the stored profiles, in alphabetical order; damaged ones by their file's, marked."""
    names = []
    for path in sorted(store_folder("profiles").glob("[!.]*.json")):
        if not path.is_file():
            continue
        try:
            names.append(_read(path).name)
        except StoreError:
            names.append(f"{path.stem} (damaged)")
    return names


def remove_profile(name: str) -> Path:
    """Delete a lifter's profile, whatever its file holds; returns where it was.

    Raises `UsageError` when there is none of that name.
    """
    path = profile_path(name)
    if not path.is_file():
        read_profile(name)
    return remove_file(path)


def _read(path: Path) -> Profile:
    try:
        return Profile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error}). Look at the file's rights.") from error
    except ValidationError as error:
        raise StoreError(
            f"{path}: expected a {SCHEMA} file, got one that is damaged or of another kind."
            f" Film your standing once more: `hingecheck profile new {path.stem} CLIP`."
        ) from error

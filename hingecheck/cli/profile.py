"""`hingecheck profile`: what is stored about lifters, and how it gets there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hingecheck.cli.guard import guarded
from hingecheck.errors import UsageError
from hingecheck.pose.models import PoseModel

if TYPE_CHECKING:
    from hingecheck.store.profiles import Profile

__all__ = ["app"]

app = typer.Typer()

Name = Annotated[str, typer.Argument(metavar="NAME", help="Whose profile.")]


@app.callback(invoke_without_command=True)
def profile(context: typer.Context) -> None:
    """Lifter profiles: your own standing, kept for later."""
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(UsageError.exit_code)


@app.command("new")
def new(
    name: Name,
    clip: Annotated[
        Path,
        typer.Argument(metavar="CLIP", help="You, standing relaxed and side-on for a few seconds."),
    ],
    toe_touch: Annotated[
        Path | None,
        typer.Option(help="A clip of a toe-touch: your own maximum lumbar flexion."),
    ] = None,
    height_cm: Annotated[float | None, typer.Option(help="Your body height.")] = None,
    model: Annotated[
        PoseModel, typer.Option(help="Pose model, from fastest to most exact.")
    ] = PoseModel.FULL,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and the libraries' own messages.")
    ] = False,
) -> None:
    """Measure your own standing and keep it under NAME.

    An earlier profile of that name is replaced; its height and toe-touch stay unless given anew.
    Exit codes: 0 done, 2 usage, 3 a clip cannot be read, 4 it shows no relaxed standing, 5
    internal error.
    """
    from hingecheck.store.place import require_writable
    from hingecheck.store.profiles import profile_path

    require_writable(profile_path(name))
    with guarded(clip.name, debug=debug) as libraries:
        from hingecheck.calibrate import calibrate
        from hingecheck.cli.progress import ClipProgress
        from hingecheck.store.profiles import find_profile, save_profile

        earlier = find_profile(name)
        with ClipProgress(libraries.terminal, clip.name, overlay=False) as progress:
            made = calibrate(
                name,
                clip,
                toe_touch=toe_touch,
                height_cm=height_cm,
                model=model,
                progress=progress,
            )
        if earlier is not None:
            made = made.with_kept(earlier)
        path = save_profile(made)
    _print(made)
    print(f"Written to {path}.")


@app.command("list")
def list_() -> None:
    """Name every stored profile."""
    from hingecheck.store.profiles import list_profiles

    names = list_profiles()
    print("\n".join(names) if names else "No profile yet: hingecheck profile new NAME CLIP.")


@app.command("show")
def show(name: Name) -> None:
    """Show what a profile holds."""
    from hingecheck.store.profiles import profile_path, read_profile

    _print(read_profile(name))
    print(f"Stored in {profile_path(name)}.")


@app.command("remove")
def remove(name: Name) -> None:
    """Delete a profile, and the history of that lifter's screens.

    `me` is no profile: it deletes the history of the screens that named none.
    """
    from hingecheck.store.history import ME, remove_history
    from hingecheck.store.place import file_stem
    from hingecheck.store.profiles import remove_profile

    if file_stem(name) == ME:
        nameless = remove_history(ME)
        if nameless is None:
            raise UsageError("history 'me': there is none. Nothing needs removing.")
        print(f"Removed {nameless}.")
        return
    print(f"Removed {remove_profile(name)}.")
    history = remove_history(name)
    if history is not None:
        print(f"Removed {history}.")


def _print(profile: Profile) -> None:
    from hingecheck.report.screen_words import day
    from hingecheck.spine.model import load_spine_model

    print(f"{profile.name}: standing of {day(profile.date)}, from {profile.clip.name}")
    print(f"  knees {profile.knee_deg:.0f}°, trunk to thigh {profile.trunk_thigh_deg:.0f}°")
    most = profile.most_flexion
    if most is not None:
        print(
            f"  own maximum lumbar flexion {most.lumbar_flexion_deg:.0f}°"
            f" (± {most.sd_deg:.0f}), from {most.clip.name}"
        )
    if profile.stature_cm is not None:
        print(f"  height {profile.stature_cm:g} cm")
    if profile.is_stale(load_spine_model().name):
        print(f"  {profile.stale_note}")

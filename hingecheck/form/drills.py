"""The three drills for a clean hinge that ends early, in the order in which they help."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DRILLS", "Drill"]


@dataclass(frozen=True, slots=True)
class Drill:
    """Something to do between sessions.

    Attributes:
        code: Stable name; the drawing is called after it.
        name: As people call it.
        purpose: What it is for, one sentence.
        options: Equipment that serves, one of which is enough.
        dose: Sets, time and how often.
        basis: Where the dose comes from.
        steps: How to do it, in order.
    """

    code: str
    name: str
    purpose: str
    options: tuple[str, ...]
    dose: str
    basis: str
    steps: tuple[str, ...]


DRILLS = (
    Drill(
        code="soft_tissue",
        name="Soft-tissue work on the upper hamstring",
        purpose="Gets the hamstring just below the glute crease used to pressure, so that it lets"
        " go more easily afterwards.",
        options=(
            "a barbell in the rack, slightly below hip height",
            "a mobility ball on a bench or another hard surface",
        ),
        dose="2 sets of 60 seconds each side, 3 days a week.",
        # Sets of 30-120 s, one to three of them, are usual in studies of foam rolling (review
        # PMC8998857); hamstrings gained range from it, more in over four weeks than in fewer
        # (Konrad 2022, doi 10.1007/s40279-022-01699-8). Bar and ball were not what they rolled on.
        basis="Length of a set as in studies of foam rolling (Konrad 2022, doi"
        " 10.1007/s40279-022-01699-8), which took more than four weeks to show most; on a bar or a"
        " ball it is custom.",
        steps=(
            "Lay the back of one thigh on the bar or the ball, just below the glute crease.",
            "Let as much weight sink in as you can bear while breathing calmly.",
            "Straighten the knee slowly, then bend it again; five seconds each way.",
            "After a few repetitions move the spot by a finger's width.",
        ),
    ),
    Drill(
        code="banded_stretch",
        name="Banded hamstring stretch",
        purpose="Opens the back of the hip: the band draws the thigh bone back while the leg moves"
        " in and out of the stretch.",
        options=("a mobility band around a rack or another firm post",),
        dose="2 sets of 60 seconds each side, 3 days a week.",
        # Ingram 2024: flexibility gained with stretching up to 4 minutes a session and 10 a week,
        # and no more beyond. This is 2 and 6 for each leg.
        basis="Below the 4 minutes a session and 10 a week up to which static stretching was seen"
        " to help (Ingram 2024, doi 10.1007/s40279-024-02143-9); the band is custom.",
        steps=(
            "Loop the band high around one thigh, right at the hip, with the post behind you.",
            "Step forward until it pulls, that leg in front with the heel on the floor.",
            "Push the hips back with a long, flat back until the hamstring speaks up.",
            "Bend and straighten the knee slowly, and point and pull up the foot in turn.",
        ),
    ),
    Drill(
        code="stiff_leg_deadlift",
        name="Stiff-leg deadlift",
        purpose="Makes the new range yours: the hamstrings work at the length that the first two"
        " have opened.",
        options=("a barbell", "two dumbbells or a kettlebell"),
        dose="2 sets of 8 slow reps, 2 days a week, starting light.",
        # Garber 2011 (ACSM): 2-4 sets of 8-12 repetitions, 2-3 days a week. Alizadeh 2023:
        # training with a load gains as much range as stretching, without any load it gained none.
        basis="The lower end of the usual strength dose (Garber 2011, doi"
        " 10.1249/MSS.0b013e318213fefb); loaded lifts gained as much range as stretching"
        " (Alizadeh 2023, doi 10.1007/s40279-022-01804-x).",
        steps=(
            "Stand tall with knees soft; they keep that bend all the way.",
            "Push the hips straight back and let the load slide down close to the legs.",
            "Come back up where your hips stop moving back, before the back changes shape.",
            "Stand up by bringing the hips forward; three seconds down, two up.",
            "Add a little load once every rep of a session kept its shape.",
        ),
    ),
)
"""All three, first to last: loosen, lengthen, then load."""

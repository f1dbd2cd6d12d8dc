"""What a lifter wears: clothes, hair and their colours."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hingecheck.simulate.cloth import Drape

__all__ = ["Clothing", "HairStyle", "Hat", "Outfit", "Pattern", "Rgb"]

Rgb = tuple[int, int, int]


class Clothing(StrEnum):
    """How much the cloth on the trunk hides."""

    SKIN = "skin"
    TIGHT = "tight"
    REGULAR = "regular"
    LOOSE = "loose"
    HOODIE = "hoodie"


class HairStyle(StrEnum):
    """How the hair is worn."""

    SHORT = "short"
    BUN = "bun"
    PONYTAIL = "ponytail"
    LONG = "long"


class Hat(StrEnum):
    """What is on the head."""

    NONE = "none"
    CAP = "cap"
    BEANIE = "beanie"


class Pattern(StrEnum):
    """How a shirt's second colour is laid out."""

    PLAIN = "plain"
    STRIPE = "stripe"
    STRIPES = "stripes"
    YOKE = "yoke"
    SLEEVES = "sleeves"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Outfit:
    """Colours (sRGB) and cloth.

    Attributes:
        clothing: What is on the trunk; `drape` says how it hangs.
        belt: A lifting belt over everything else.
        skin: Skin colour.
        hair: Hair colour.
        shirt: Shirt colour.
        accent: The shirt's second colour.
        pattern: Where the second colour is.
        shorts: Shorts or leggings colour.
        shoes: Colour of the shoes' uppers.
        sole: Colour of their soles.
        hat_colour: Colour of the hat.
        belt_colour: Colour of the belt.
        sleeve: How far the sleeve reaches: 0 shoulder, 1 elbow, 2 wrist.
        sleeve_m: How far the sleeve stands off the arm.
        hem: Where the shirt ends: -1 under the chest, 0 at the waistband, 1 under the buttock.
        drape: How the shirt hangs.
        leg: How far the shorts reach from hip to ankle, 0 to 1; 0.4 ends above the knee.
        legs: How the shorts hang.
        hood_m: Half the thickness of the hood; only hoodies have one.
        hair_m: How far the hair stands off the scalp.
        hair_style: How it is worn.
        hair_length_m: Length of a ponytail or of long hair below the nape; a bun's diameter.
        hat: What is on the head.
        seed: Of the folds.
    """

    clothing: Clothing = Clothing.TIGHT
    belt: bool = False
    skin: Rgb = (205, 152, 122)
    hair: Rgb = (48, 34, 26)
    shirt: Rgb = (38, 94, 130)
    accent: Rgb = (214, 214, 208)
    pattern: Pattern = Pattern.PLAIN
    shorts: Rgb = (50, 53, 62)
    shoes: Rgb = (58, 62, 70)
    sole: Rgb = (226, 226, 222)
    hat_colour: Rgb = (40, 42, 48)
    belt_colour: Rgb = (34, 30, 28)
    sleeve: float = 0.55
    sleeve_m: float = 0.004
    hem: float = 0.0
    drape: Drape = field(default_factory=Drape)
    leg: float = 0.4
    legs: Drape = field(default_factory=Drape)
    hood_m: float = 0.025
    hair_m: float = 0.012
    hair_style: HairStyle = HairStyle.SHORT
    hair_length_m: float = 0.2
    hat: Hat = Hat.NONE
    seed: int = 0

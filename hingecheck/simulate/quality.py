"""What a phone and an upload do to a picture: blur, noise, exposure, colour, compression, bars."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Quality", "degrade", "random_quality"]

Image = NDArray[np.uint8]

_REFERENCE_PX = 480.0
_NOISE_SCALE = 16
_WORDS = ("FORM CHECK", "DAY 12", "rdl 3x8", "@coach", "TIPS", "set 2", "HINGE", "keep it neutral")


@dataclass(frozen=True, slots=True)
class Quality:
    """One camera and one encoder: the same for all frames of a clip.

    Lengths are for a frame whose short side is 480 px and grow with the frame.

    Attributes:
        blur_px: Standard deviation of lens blur.
        shake_px: Length of the smear of a moving phone.
        shake_deg: Direction of that smear, from image right.
        sharpening: Strength of the camera's halos; 0 is none.
        noise_steps: Standard deviation of sensor noise, sRGB steps.
        colour_noise: Share of it that differs between the colours.
        white_balance: Gain of red, green and blue.
        exposure: Gain of all three before the tone curve; low is a dark room.
        gamma: Exponent of the tone curve; above 1 darkens the middle.
        contrast: Slope about mid-grey.
        saturation: 0 is grey, 1 unchanged.
        jpeg_quality: Of the compression, 1 to 100; None leaves it out.
        bars: Share of the width that a black bar covers on either side.
        caption: Share of the height of a strip with text at the bottom; 0 is no strip.
        caption_text: What it says.
    """

    blur_px: float = 0.0
    shake_px: float = 0.0
    shake_deg: float = 0.0
    sharpening: float = 0.0
    noise_steps: float = 2.0
    colour_noise: float = 0.0
    white_balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    exposure: float = 1.0
    gamma: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    jpeg_quality: int | None = None
    bars: float = 0.0
    caption: float = 0.0
    caption_text: str = ""


def random_quality(rng: np.random.Generator) -> Quality:
    """Draw a camera and an encoder, most of them decent."""
    warm, tint = rng.normal(0, 0.05), rng.normal(0, 0.025)
    dark = rng.random() < 0.1
    return Quality(
        blur_px=float(rng.choice([0.0, 0.4, 0.8, 1.4], p=[0.35, 0.3, 0.25, 0.1])),
        shake_px=float(rng.uniform(1, 5)) if rng.random() < 0.2 else 0.0,
        shake_deg=float(rng.uniform(0, 180)),
        sharpening=float(rng.uniform(0.2, 1.2)) if rng.random() < 0.3 else 0.0,
        noise_steps=float(rng.uniform(4, 12) if dark else rng.uniform(0.5, 5)),
        colour_noise=float(rng.uniform(0, 0.8)),
        white_balance=(1 + float(warm), 1 + float(tint), 1 - float(warm)),
        exposure=float(rng.uniform(0.6, 0.85) if dark else rng.uniform(0.9, 1.4)),
        gamma=float(np.exp(rng.normal(0, 0.15))),
        contrast=float(np.exp(rng.normal(0, 0.12))),
        saturation=0.0 if rng.random() < 0.03 else float(rng.uniform(0.5, 1.4)),
        jpeg_quality=int(rng.integers(18, 95)),
        bars=float(rng.uniform(0.02, 0.1)) if rng.random() < 0.06 else 0.0,
        caption=float(rng.uniform(0.04, 0.09)) if rng.random() < 0.06 else 0.0,
        caption_text=str(rng.choice(_WORDS)),
    )


def degrade(image: Image, quality: Quality, rng: np.random.Generator) -> Image:
    """A rendered RGB frame, (height, width, 3), as that camera and encoder would give it."""
    scale = min(image.shape[:2]) / _REFERENCE_PX
    image = _focused(image, quality, scale)
    if quality.noise_steps > 0:
        image = _noisy(image, quality, rng)
    image = _toned(image, quality)
    if quality.jpeg_quality is not None:
        image = _compressed(image, quality.jpeg_quality)
    return _framed(image, quality)


def _focused(image: Image, quality: Quality, scale: float) -> Image:
    result = image
    if quality.shake_px * scale >= 1:
        result = _bytes(
            cv2.filter2D(result, -1, _smear(quality.shake_px * scale, quality.shake_deg))
        )
    if quality.blur_px > 0:
        result = _bytes(cv2.GaussianBlur(result, (0, 0), quality.blur_px * scale))
    if quality.sharpening > 0:
        soft = cv2.GaussianBlur(result, (0, 0), 1.2 * scale)
        result = _bytes(
            cv2.addWeighted(result, 1 + quality.sharpening, soft, -quality.sharpening, 0)
        )
    return result


def _bytes(pixels: object) -> Image:
    return np.asarray(pixels, dtype=np.uint8)


def _smear(length_px: float, direction_deg: float) -> NDArray[np.float32]:
    half = int(np.ceil(length_px / 2))
    kernel = np.zeros((2 * half + 1, 2 * half + 1), dtype=np.float32)
    reach = np.array([np.cos(np.radians(direction_deg)), np.sin(np.radians(direction_deg))])
    for step in np.linspace(-length_px / 2, length_px / 2, 4 * half + 1):
        x, y = np.round(step * reach).astype(int) + half
        kernel[y, x] += 1
    normalised: NDArray[np.float32] = kernel / kernel.sum()
    return normalised


def _noisy(image: Image, quality: Quality, rng: np.random.Generator) -> Image:
    """Grain shared by the colours, and blotches of their own at half the resolution."""
    height, width = image.shape[:2]
    cv2.setRNGSeed(int(rng.integers(1 << 31)))
    grain = _normal((height, width), quality.noise_steps)
    noise = cv2.merge([grain] * 3)
    own = quality.colour_noise * quality.noise_steps
    if own > 0:
        blotches = cv2.merge([_normal((height // 2, width // 2), own) for _ in range(3)])
        noise = cv2.add(noise, cv2.resize(blotches, (width, height)))
    return _bytes(cv2.addWeighted(image, 1.0, noise, 1 / _NOISE_SCALE, 0.0, dtype=cv2.CV_8U))


def _normal(shape: tuple[int, int], sd_steps: float) -> NDArray[np.int16]:
    """OpenCV's generator is several times faster than numpy's; steps times `_NOISE_SCALE`."""
    noise = np.empty(shape, dtype=np.int16)
    cv2.randn(noise, np.zeros(1), np.full(1, _NOISE_SCALE * sd_steps))
    return noise


def _toned(image: Image, quality: Quality) -> Image:
    steps = np.arange(256)[:, None] / 255 * np.array(quality.white_balance) * quality.exposure
    curve = (np.clip(steps, 0, 1) ** quality.gamma - 0.5) * quality.contrast + 0.5
    table = np.clip(255 * curve, 0, 255).astype(np.uint8)[None]
    toned = _bytes(cv2.LUT(image, table))
    if quality.saturation != 1.0:
        grey = np.array([0.299, 0.587, 0.114])
        mix = quality.saturation * np.eye(3) + (1 - quality.saturation) * grey
        toned = _bytes(cv2.transform(toned, mix))
    return toned


def _compressed(image: Image, jpeg_quality: int) -> Image:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    coded = cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, jpeg_quality))[1]
    decoded = _bytes(cv2.imdecode(coded, cv2.IMREAD_COLOR))
    return _bytes(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB))


def _framed(image: Image, quality: Quality) -> Image:
    """Black bars and a caption, as an editing program adds them last."""
    if quality.bars == 0 and quality.caption == 0:
        return image
    framed = image.copy()
    height, width = framed.shape[:2]
    bar = round(quality.bars * width)
    framed[:, :bar] = framed[:, width - bar :] = 0
    strip = round(quality.caption * height)
    if strip > 0:
        framed[height - strip :] = framed[height - strip :] // 3
        cv2.putText(
            framed,
            quality.caption_text,
            (bar + strip // 3, height - strip // 4),
            cv2.FONT_HERSHEY_DUPLEX,
            strip / 34,
            (245, 245, 245),
            max(1, strip // 20),
            cv2.LINE_AA,
        )
    return framed

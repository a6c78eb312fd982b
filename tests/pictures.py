"""Pictures as a camera at a gate takes them: an aisle, and labels held into it."""

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat

Picture = NDArray[np.uint8]

SMALL, LARGE = (640, 480), (1280, 720)


@dataclass(frozen=True, slots=True)
class Held:
    """How a label is held: the size of a module in pixels, the angle, and what the camera makes of it."""

    module: int = 2
    degrees: float = 0.0
    blur: float = 0.0
    noise: float = 3.0
    light: float = 1.0
    at: tuple[float, float] = (0.5, 0.5)


def aisle(size: tuple[int, int], random: np.random.Generator) -> Picture:
    """Draw an empty aisle: floor, wall, shelves with goods, the light falling off to the sides; grey."""
    width, height = size
    picture = np.tile(np.linspace(190, 90, height, dtype=np.float32)[:, None], (1, width))
    for x in range(0, width, width // 12):
        for y in range(height // 8, height * 3 // 4, height // 6):
            tall, wide = random.integers(height // 20, height // 7), random.integers(width // 40, width // 14)
            picture[y : y + tall, x : x + wide] = random.integers(40, 230)
            picture[y : y + tall : 4, x + wide // 3 : x + wide // 2] = random.integers(40, 230)
    fall_off = 1 - 0.4 * np.abs(np.linspace(-1, 1, width, dtype=np.float32)) ** 2
    return np.clip(picture * fall_off, 0, 255).astype(np.uint8)


def label(text: str, kind: BarcodeFormat, module: int = 2) -> Picture:
    """Draw a label, black on white; a text that begins with a bracket is GS1's."""
    options = {"gs1": True} if text.startswith("(") else {}
    made = zxingcpp.create_barcode(text, kind, **options)
    return np.pad(np.array(made.to_image(scale=module, add_quiet_zones=True)), 4 * module, constant_values=255)


def hold(background: Picture, shown: Picture, held: Held, random: np.random.Generator) -> Picture:
    """Hold a label into a picture."""
    height, width = background.shape
    tall, wide = shown.shape
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), held.degrees, 1)
    turn[:, 2] += (held.at[0] * width - wide / 2, held.at[1] * height - tall / 2)
    paper = cv2.warpAffine(shown, turn, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpAffine(np.full_like(shown, 255), turn, (width, height))
    return photographed(np.where(mask > 127, paper, background).astype(np.uint8), held, random)


def photographed(scene: Picture, held: Held, random: np.random.Generator) -> Picture:
    """Take the picture: out of focus, in little light, with a sensor's noise."""
    blurred = cv2.GaussianBlur(scene, (0, 0), held.blur) if held.blur else scene
    seen = blurred.astype(np.float32) * held.light
    return np.clip(seen + random.normal(0, held.noise, seen.shape), 0, 255).astype(np.uint8)

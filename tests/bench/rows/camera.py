"""Labels in pictures: how many pictures a second, and how many labels are read, beside each decoder alone."""

import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import zxingcpp
from pyzbar import pyzbar
from zxingcpp import BarcodeFormat, BarcodeFormats, TextMode

from hardware.camera.decoding import Decoder
from hardware.camera.sightings import Sightings
from tests.bench.row import Check, Row, Timing
from tests.pictures import LARGE, SMALL, Held, Picture, aisle, hold, label, photographed

EMPTY, POSES = 60, 25
RATES = {SMALL: 30, LARGE: 12}
PRINTED = [
    ("LN7QABCDEFGH12J", BarcodeFormat.Code128, b"LN7QABCDEFGH12J"),
    ("LN7QABCDEFGH12J", BarcodeFormat.QRCode, b"LN7QABCDEFGH12J"),
    ("(01)09521234543213(21)A-1", BarcodeFormat.DataMatrix, b"010952123454321321A-1"),
    ("4006381333931", BarcodeFormat.EAN13, b"4006381333931"),
]
ZXING_FORMATS = BarcodeFormats([kind for _, kind, _ in PRINTED])
ZBAR_SYMBOLS = [pyzbar.ZBarSymbol.CODE128, pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.EAN13]
LIBRARIES = ("opencv-python-headless", "pyzbar", "zxing-cpp")

Look = Callable[[Picture], list[bytes]]
Shown = tuple[Picture, bytes]


def run() -> Row:
    """Measure both sizes."""
    timings: list[Timing] = []
    checks: list[Check] = []
    for size, rate in RATES.items():
        random = np.random.default_rng(7)
        name = f"{size[0]} x {size[1]}"
        empty = [(photographed(aisle(size, random), Held(), random), b"") for _ in range(EMPTY)]
        seconds, _, ghosts = look(empty)
        took, read, wrong = look(labels(size, random))
        timings += [Timing(f"{name}, empty, {way}", each) for way, each in seconds.items()]
        timings += [Timing(f"{name}, a label, {way}", each) for way, each in took.items()]
        alone = max(read["zxing alone"], read["zbar alone"])
        checks += [
            Check(f"{name}, empty aisle", 1 / usual(seconds["both"]), rate, "a second"),
            Check(f"{name}, labels read, of what the better alone reads", read["both"] / alone, 1),
            Check(f"{name}, wrong reads", ghosts["both"] + wrong["both"], 0, is_ceiling=True),
        ]
    return Row("labels in a camera's pictures", timings, checks, {each: version(each) for each in LIBRARIES})


def usual(seconds: list[float]) -> float:
    """Give the median: a mean belongs to whatever else the machine did."""
    return float(np.median(seconds))


def labels(size: tuple[int, int], random: np.random.Generator) -> list[Shown]:
    """Draw each kind of label in many poses: near and far, at every angle, out of focus, noisy, in the dark."""
    return [
        (hold(aisle(size, random), label(text, kind, held.module), held, random), says)
        for held in (pose(random) for _ in range(POSES))
        for text, kind, says in PRINTED
    ]


def pose(random: np.random.Generator) -> Held:
    """Hold a label somehow."""
    return Held(
        module=int(random.choice([2, 3])),
        degrees=float(random.uniform(0, 360)),
        blur=float(random.choice([0, 0.6, 1.0])),
        noise=float(random.choice([2, 5, 10])),
        light=float(random.choice([1, 0.6, 0.3])),
        at=(float(random.uniform(0.4, 0.6)), float(random.uniform(0.4, 0.6))),
    )


def look(pictures: list[Shown]) -> tuple[dict[str, list[float]], dict[str, int], dict[str, int]]:
    """Let each way look at each picture in turn; give how long each took, and how many were read right and wrong."""
    ways: dict[str, Look] = {"both": both(), "zxing alone": by_zxing, "zbar alone": by_zbar}
    took: dict[str, list[float]] = {way: [] for way in ways}
    right, wrong = dict.fromkeys(ways, 0), dict.fromkeys(ways, 0)
    for picture, says in pictures:
        for way, see in ways.items():
            began = time.perf_counter()
            read = see(picture)
            took[way].append(time.perf_counter() - began)
            right[way] += says in read
            wrong[way] += any(each != says for each in read)
    return took, right, wrong


def both() -> Look:
    """Look as the shop's camera does, at a label that is held for two pictures."""
    decoder = Decoder()

    def scans(picture: Picture) -> list[bytes]:
        found, sightings = decoder.decode(picture), Sightings(hold=1)
        return [each.data for now in (0, 0.03) for each in sightings.see(found, now)]

    return scans


def by_zxing(picture: Picture) -> list[bytes]:
    """Look through zxing-cpp as it comes, its formats limited."""
    return [each.bytes for each in zxingcpp.read_barcodes(picture, formats=ZXING_FORMATS, text_mode=TextMode.Plain)]


def by_zbar(picture: Picture) -> list[bytes]:
    """Look through zbar as it comes, its formats limited."""
    try:
        return [each.data for each in pyzbar.decode(picture, symbols=ZBAR_SYMBOLS)]
    except ValueError:
        return []

"""Labels are read as they are, in every pose that a decoder manages; where there is none, none is read."""

import itertools
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from pyzbar import pyzbar
from zxingcpp import BarcodeFormat

from hardware.camera import decoding
from hardware.camera.decoding import Decoder
from hardware.camera.sightings import Label, Sightings
from shared import codes
from tests.pictures import LARGE, SMALL, Held, Picture, aisle, hold, label, photographed

OWN = "LN7QABCDEFGH12J"
GTIN = "09521234543213"
PRINTED = [
    (OWN, BarcodeFormat.Code128, Label(OWN.encode(), "]C0")),
    (OWN, BarcodeFormat.QRCode, Label(OWN.encode(), "]Q1")),
    (OWN, BarcodeFormat.DataMatrix, Label(OWN.encode(), "]d1")),
    ("4006381333931", BarcodeFormat.EAN13, Label(b"4006381333931", "]E0")),
    ("036000291452", BarcodeFormat.UPCA, Label(b"0036000291452", "]E0")),
    (f"(01){GTIN}(21)A-1(17)270101", BarcodeFormat.DataMatrix, Label(b"010952123454321321A-1\x1d17270101", "]d2")),
    (f"(01){GTIN}(21)A-1", BarcodeFormat.Code128, Label(b"010952123454321321A-1", "]C1")),
    (f"(01){GTIN}(21)A-1", BarcodeFormat.QRCode, Label(b"010952123454321321A-1", "]Q3")),
]
SMALLEST = (240, 180)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20)


def seen(shown: Picture, held: Held, random: np.random.Generator, size: tuple[int, int] = SMALL) -> list[Label]:
    return Decoder().decode(hold(aisle(size, random), shown, held, random))


@pytest.mark.parametrize(("text", "kind", "expected"), PRINTED)
class TestEveryKind:
    @pytest.mark.parametrize("size", [SMALL, LARGE])
    def test_is_read_with_its_identifier(
        self, text: str, kind: BarcodeFormat, expected: Label, size: tuple[int, int], random: np.random.Generator
    ) -> None:
        assert seen(label(text, kind), Held(), random, size) == [expected]

    @pytest.mark.parametrize(
        "held",
        [
            pytest.param(Held(degrees=10), id="turned a little"),
            pytest.param(Held(degrees=90), id="on its side"),
            pytest.param(Held(degrees=180), id="upside down"),
            pytest.param(Held(blur=0.6), id="out of focus"),
            pytest.param(Held(noise=12), id="noisy"),
            pytest.param(Held(light=0.3), id="in the dark"),
        ],
    )
    def test_is_read_as_people_hold_it(
        self, text: str, kind: BarcodeFormat, expected: Label, held: Held, random: np.random.Generator
    ) -> None:
        assert seen(label(text, kind), held, random) == [expected]


def test_colours_are_read_as_grey(random: np.random.Generator) -> None:
    grey = hold(aisle(SMALL, random), label(OWN, BarcodeFormat.QRCode), Held(), random)
    assert Decoder().decode(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)) == [Label(OWN.encode(), "]Q1")]


@pytest.mark.parametrize(
    ("text", "degrees", "blur"), [("7327110125670", 4.7, 0.6), ("8134987271213", 359.2, 1.0), ("4006381333931", 0, 0.6)]
)
def test_a_product_code_is_read_right_or_not_at_all(
    text: str, degrees: float, blur: float, random: np.random.Generator
) -> None:
    held = Held(degrees=degrees, blur=blur, noise=2)
    for _ in range(10):
        assert seen(label(text, BarcodeFormat.EAN13), held, random) in ([], [Label(text.encode(), "]E0")])


def test_several_labels_in_one_picture_are_all_read(random: np.random.Generator) -> None:
    scene = hold(aisle(SMALL, random), label("LN-1", BarcodeFormat.QRCode), Held(at=(0.2, 0.5)), random)
    scene = hold(scene, label("LN-2", BarcodeFormat.QRCode), Held(at=(0.8, 0.5)), random)
    assert sorted(each.data for each in Decoder().decode(scene)) == [b"LN-1", b"LN-2"]


def test_the_shop_understands_a_gs1_label_whoever_read_it() -> None:
    code = codes.Code(codes.Scheme.GS1, GTIN, "A-1")
    for _, _, expected in PRINTED[5:]:
        assert codes.read(expected.frame.decode()).codes[0] == code
        assert codes.read(expected.data.decode()).codes[0] == code


def test_kinds_that_shops_do_not_have_are_not_looked_for(random: np.random.Generator) -> None:
    assert seen(label("12345670", BarcodeFormat.ITF), Held(), random) == []
    assert seen(label("LN7Q", BarcodeFormat.Code39), Held(), random) == []


def test_zbar_reads_on_where_zxing_finds_nothing(random: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_by_zxing", lambda *_, **__: [])
    for text, kind, expected in PRINTED[:2]:
        assert seen(label(text, kind, 3), Held(), random) == [expected]
        assert seen(label(text, kind, 3), Held(), random, LARGE) == [expected]


def test_a_product_code_that_only_one_decoder_reads_is_not_believed(
    random: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = hold(aisle(SMALL, random), label("4006381333931", BarcodeFormat.EAN13), Held(), random)
    assert decoding._by_both(shown) == [Label(b"4006381333931", "]E0")]
    monkeypatch.setattr(decoding, "_by_zxing", lambda *_, **__: [Label(b"4008381331931", "]E0")])
    assert decoding._by_both(shown) == []


@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_a_long_label_is_read_within_four_pictures_however_it_is_turned(
    degrees: int, random: np.random.Generator
) -> None:
    turned = hold(aisle(SMALL, random), label(OWN, BarcodeFormat.Code128), Held(degrees=degrees), random)
    decoder = Decoder()
    assert [Label(OWN.encode(), "]C0")] in [decoder.decode(turned) for _ in range(4)]


def test_a_distant_label_is_read_within_four_pictures(random: np.random.Generator) -> None:
    distant = cv2.resize(hold(aisle(LARGE, random), label(OWN, BarcodeFormat.QRCode, 3), Held(), random), SMALL)
    decoder = Decoder()
    assert [Label(OWN.encode(), "]Q1")] in [decoder.decode(distant) for _ in range(4)]


def test_what_is_too_short_for_a_serial_is_not_believed(random: np.random.Generator) -> None:
    """Noise makes such: a Code 128 of one character was read in one picture of many thousands without any."""
    for text, believed in (("A>1", []), ("A>12", [Label(b"A>12", "]C0")])):
        shown = hold(aisle(SMALL, random), label(text, BarcodeFormat.Code128), Held(), random)
        assert Decoder().decode(shown) == believed


def test_a_code_that_zbar_chokes_on_stops_nothing(random: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    def choke(*_: object, **__: object) -> list[object]:
        raise ValueError("5 is not a valid ZBarOrientation")

    monkeypatch.setattr(pyzbar, "decode", choke)
    assert Decoder().decode(photographed(aisle(SMALLEST, random), Held(), random)) == []


def noise(random: np.random.Generator) -> Iterator[Picture]:
    """Draw what looks most like a label and is none: snow, grain, bars and chequers of random width, an aisle."""
    width, height = SMALLEST
    while True:
        yield random.integers(0, 256, (height, width), dtype=np.uint8)
        for module in (2, 3, 4):
            bars = np.repeat(random.integers(0, 2, width // module + 1, dtype=np.uint8) * 255, module)[:width]
            yield np.tile(bars, (height, 1))
            cells = random.integers(0, 2, (height // module, width // module), dtype=np.uint8) * 255
            yield cv2.resize(cells, SMALLEST, interpolation=cv2.INTER_NEAREST).astype(np.uint8)
        yield photographed(aisle(SMALLEST, random), Held(noise=15), random)


def scans_in_noise(pictures: int, seed: int) -> list[Label]:
    decoder, sightings = Decoder(), Sightings(hold=2)
    shown = itertools.islice(noise(np.random.default_rng(seed)), pictures)
    return [scan for number, each in enumerate(shown) for scan in sightings.see(decoder.decode(each), number / 30)]


def test_pictures_without_a_label_give_no_scan() -> None:
    assert not scans_in_noise(300, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_tens_of_thousands_of_pictures_without_a_label_give_no_scan(seed: int) -> None:
    assert not scans_in_noise(5000, seed)

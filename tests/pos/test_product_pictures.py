"""Product pictures: taken from a folder, shown at the till and on the gate's screen, small, and never in the way."""

import io
from pathlib import Path

import pytest
from PIL import Image

from pos.office.product_pictures import LONGEST_SIDE, take_folder
from shared import product_pictures
from tests.shop import BAG, WATCH, Shop


def draw(file: Path, size: tuple[int, int]) -> None:
    Image.new("RGBA", size, (10, 110, 74, 255)).save(file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fill a folder with what shops keep in them."""
    draw(tmp_path / f"{WATCH}.png", (2000, 1000))
    draw(tmp_path / f"{BAG}.webp", (40, 30))
    draw(tmp_path / "NOBODY.png", (40, 30))
    (tmp_path / "BAG.jpg").write_bytes(b"no picture at all")
    (tmp_path / "list.txt").write_text("not asked for")
    return tmp_path


def test_a_folder_is_taken_file_by_file_and_a_bad_one_stops_none(shop: Shop, folder: Path) -> None:
    told = dict(take_folder(shop.database, folder))
    assert told[f"{WATCH}.png"] == told[f"{BAG}.webp"] == ""
    assert told["NOBODY.png"] == "no product has the code 'NOBODY'"
    assert told["BAG.jpg"].startswith("expected a JPEG, PNG or WebP picture")
    assert "list.txt" not in told
    assert shop.count("product_picture") == 2


def test_a_picture_is_kept_no_larger_than_it_is_shown_and_the_newest_wins(shop: Shop, folder: Path) -> None:
    list(take_folder(shop.database, folder))
    draw(folder / f"{WATCH}.png", (100, 300))
    list(take_folder(shop.database, folder))
    with shop.database.reading() as connection:
        product = connection.exec_driver_sql(f"SELECT id FROM product WHERE code = '{WATCH}'").scalar_one()
        kept = product_pictures.find(connection, product)
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (100, 300))
    assert max(picture.size) <= LONGEST_SIDE

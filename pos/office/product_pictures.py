"""Taking product pictures from a folder: a file for each product, named by its code, in any size and any usual kind."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from pos import lookup
from shared import product_pictures
from shared.database import Database

LONGEST_SIDE = 480  # pixels: as large as any screen of ours shows it
QUALITY = 80
KINDS = {".jpg", ".jpeg", ".png", ".webp"}


def take_folder(database: Database, folder: Path) -> Iterator[tuple[str, str]]:
    """Take each picture of the folder; yields (file's name, what is wrong with it, "" for nothing)."""
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in KINDS:
            yield file.name, _take(database, file)


def small_jpeg(file: Path) -> bytes:
    """The picture no larger than it is shown. Raises ValueError for a file that holds none."""
    try:
        with Image.open(file) as opened:
            shown = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError(f"expected a JPEG, PNG or WebP picture: {error}") from error
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = BytesIO()
    shown.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _take(database: Database, file: Path) -> str:
    with database.reading() as connection:
        product = lookup.find_product(connection, file.stem)
    if product is None:
        return f"no product has the code {file.stem!r}"
    try:
        picture = small_jpeg(file)
    except ValueError as error:
        return str(error)
    database.write(lambda connection: product_pictures.keep(connection, product.id, picture))
    return ""

"""The notice for a door with a camera: one A4 page in Indonesian and English. Pure: the shop's name in, a PDF out."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from shared.snapshots import KEPT_DAYS, THEFT_DAYS

MARGIN = 22 * mm
TITLE, TEXT, SMALL = ("Helvetica-Bold", 34), ("Helvetica", 17), ("Helvetica", 12)
# Both languages on one page: whoever reads it at the door has chosen none.
INDONESIAN = f"""\
Kamera di pintu ini
Saat gerbang berbunyi, kamera ini menyimpan lima gambar: dua detik sebelum dan sesudahnya. Selain itu tidak ada yang \
disimpan.
Gambar dihapus setelah {KEPT_DAYS} hari, atau {THEFT_DAYS} hari untuk pencurian; pada alarm yang keliru, segera. Hanya \
manajer yang dapat melihatnya, dan setiap kali dilihat dicatat. Wajah tidak dikenali oleh komputer."""
ENGLISH = f"""\
Camera at this door
When the gate sounds, this camera keeps five pictures, from two seconds before to two seconds after. Nothing else is \
kept.
They are deleted after {KEPT_DAYS} days, or {THEFT_DAYS} days for a theft; for a false alarm, at once. Only managers \
can see them, and each look is recorded. No computer recognises faces."""


def draw(shop: str) -> bytes:
    """The page as a PDF."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=A4, pageCompression=1)
    canvas.setTitle("Lunas")
    _draw_camera(canvas, A4[1] - 62 * mm)
    top = _draw_words(canvas, A4[1] - 90 * mm, INDONESIAN)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, top, A4[0] - MARGIN, top)
    _draw_words(canvas, top - 20 * mm, ENGLISH)
    canvas.setFont(*SMALL)
    # The PDF's own fonts know Western European letters; others become `?`.
    canvas.drawCentredString(A4[0] / 2, 18 * mm, shop.encode("cp1252", "replace").decode("cp1252"))
    canvas.save()
    return written.getvalue()


def _draw_camera(canvas: Canvas, bottom: float) -> None:
    middle = A4[0] / 2
    canvas.roundRect(middle - 24 * mm, bottom, 48 * mm, 32 * mm, 5 * mm, stroke=0, fill=1)
    canvas.rect(middle - 9 * mm, bottom + 30 * mm, 18 * mm, 6 * mm, stroke=0, fill=1)
    canvas.setFillGray(1)
    canvas.circle(middle, bottom + 16 * mm, 10 * mm, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.circle(middle, bottom + 16 * mm, 6.5 * mm, stroke=0, fill=1)


def _draw_words(canvas: Canvas, top: float, words: str) -> float:
    """Write a title and paragraphs, a line each, below `top`; gives where the next thing may stand."""
    title, *paragraphs = words.splitlines()
    canvas.setFont(*TITLE)
    canvas.drawString(MARGIN, top, title)
    canvas.setFont(*TEXT)
    top -= 14 * mm
    for paragraph in paragraphs:
        for line in _lines(paragraph):
            canvas.drawString(MARGIN, top, line)
            top -= 8.5 * mm
        top -= 3 * mm
    return top - 2 * mm


def _lines(paragraph: str) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, *TEXT) > A4[0] - 2 * MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines

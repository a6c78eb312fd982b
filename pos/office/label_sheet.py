"""The sheet of labels: A4, three by eight labels of 70 x 37 mm, as a PDF. Pure: labels in, bytes out.

Each carries its serial three times: in words, as Code 128 for the till's scanner, and as QR for a camera. The bars are
0.25 mm wide, which an office printer prints sharp and a hand scanner reads at 30 cm.
"""

from collections.abc import Sequence
from io import BytesIO

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from pos.office.labels import Label
from shared import codes

COLUMNS, ROWS = 3, 8
PAGE = COLUMNS * ROWS
WIDTH, HEIGHT = A4[0] / COLUMNS, A4[1] / ROWS
MARGIN = 6 * mm
BAR = 0.25 * mm
BARS_HEIGHT = 11 * mm
QR_SIZE = 15 * mm
NAME, SERIAL = ("Helvetica-Bold", 9), ("Courier", 8)


def draw(labels: Sequence[Label]) -> bytes:
    """A PDF with these labels, row by row."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=A4, pageCompression=1)
    canvas.setTitle("Lunas")
    for number, label in enumerate(labels):
        if number and number % PAGE == 0:
            canvas.showPage()
        row, column = divmod(number % PAGE, COLUMNS)
        _draw_label(canvas, column * WIDTH, A4[1] - (row + 1) * HEIGHT, label)
    canvas.save()
    return written.getvalue()


def _draw_label(canvas: Canvas, left: float, bottom: float, label: Label) -> None:
    text_width = WIDTH - 2 * MARGIN - QR_SIZE
    canvas.setFont(*NAME)
    for number, line in enumerate(_lines(label.name, text_width)):
        canvas.drawString(left + MARGIN, bottom + HEIGHT - MARGIN - 6 - 11 * number, line)
    canvas.setFont(*SERIAL)
    canvas.drawString(left + MARGIN, bottom + MARGIN + BARS_HEIGHT + 4, f"S/N {codes.printed(label.serial)}")
    bars = Code128(label.serial, barWidth=BAR, barHeight=BARS_HEIGHT, quiet=False, humanReadable=False)
    bars.drawOn(canvas, left + (WIDTH - bars.width) / 2, bottom + MARGIN - 2)
    _draw_qr(canvas, left + WIDTH - MARGIN - QR_SIZE + 1 * mm, bottom + HEIGHT - MARGIN - QR_SIZE + 2 * mm, label)


def _draw_qr(canvas: Canvas, left: float, bottom: float, label: Label) -> None:
    drawing = Drawing(QR_SIZE, QR_SIZE)
    drawing.add(QrCodeWidget(label.serial, barWidth=QR_SIZE, barHeight=QR_SIZE, barBorder=2, barLevel="M"))
    renderPDF.draw(drawing, canvas, left, bottom)


def _lines(name: str, width: float) -> list[str]:
    """The name on at most two lines. The PDF's own fonts know Western European letters; others become `?`."""
    lines = [""]
    for word in name.encode("cp1252", "replace").decode("cp1252").split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and stringWidth(longer, *NAME) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [_cut(line, width) for line in lines[:2]]


def _cut(line: str, width: float) -> str:
    while stringWidth(line, *NAME) > width:
        line = line[:-1]
    return line

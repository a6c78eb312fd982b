"""A receipt as a PDF, for e-mail and telephones: the paper of an 80 mm printer. Pure: a slip in, bytes out.

Its letters are those of Latin-1, as PDF readers have them without a font in the file; any other is a question mark.
"""

from io import BytesIO

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from hardware.printer import COLUMNS, WIDE, Code, Slip, Text

WIDTH, MARGIN = WIDE * mm, 4 * mm
FONT, STRONG = "Courier", "Courier-Bold"
SIZE = (WIDTH - 2 * MARGIN) / COLUMNS[WIDE] / 0.6  # a letter of Courier is 0.6 of its height wide
LEADING = 1.25 * SIZE
CODE = 40 * mm


def draw(slip: Slip, title: str) -> bytes:
    """A PDF of one page, as long as the slip, which is laid out for 48 characters a line."""
    written = BytesIO()
    length = 2 * MARGIN + sum(map(_height, slip))
    canvas = Canvas(written, pagesize=(WIDTH, length), pageCompression=1)
    canvas.setTitle(title)
    bottom = length - MARGIN
    for part in slip:
        bottom -= _height(part)
        if isinstance(part, Code):
            _draw_code(canvas, bottom, part)
        else:
            _draw_text(canvas, bottom, part)
    canvas.save()
    return written.getvalue()


def _height(part: Text | Code) -> float:
    if isinstance(part, Code):
        return CODE
    return 2 * LEADING if part.large else LEADING


def _draw_text(canvas: Canvas, bottom: float, line: Text) -> None:
    canvas.setFont(STRONG if line.strong else FONT, 2 * SIZE if line.large else SIZE)
    text = line.text.encode("latin-1", errors="replace").decode("latin-1")
    if line.centred:
        canvas.drawCentredString(WIDTH / 2, bottom, text)
    else:
        canvas.drawString(MARGIN, bottom, text)


def _draw_code(canvas: Canvas, bottom: float, code: Code) -> None:
    drawing = Drawing(CODE, CODE)
    drawing.add(QrCodeWidget(code.text, barWidth=CODE, barHeight=CODE, barBorder=4, barLevel="M"))
    renderPDF.draw(drawing, canvas, (WIDTH - CODE) / 2, bottom)

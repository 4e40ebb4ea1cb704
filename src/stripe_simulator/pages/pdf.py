"""A PDF of one or more pages of text: the standard fonts, no compression, nothing else.

Text is what Windows-1252 can say (the encoding of the standard fonts); other characters become
question marks. Measures are points, from the upper left corner of an A4 page.
"""

from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842
FONTS = ("Helvetica", "Helvetica-Bold", "Courier")
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
PLAIN, BOLD, FIGURES = range(3)
FIGURE_WIDTH = 0.6
"""Of a character of Courier, in its size: what stands at the right is set in it."""


@dataclass
class Page:
    parts: list[bytes] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, *, font: int = PLAIN, size: float = 10) -> None:
        shown = words.encode("cp1252", "replace")
        for special in (b"\\", b"(", b")"):
            shown = shown.replace(special, b"\\" + special)
        head = f"BT /F{font} {size} Tf {x:.1f} {HEIGHT - y:.1f} Td (".encode()
        self.parts.append(head + shown + b") Tj ET")

    def figures(self, right: float, y: float, words: str, *, size: float = 10) -> None:
        """Ends at `right`."""
        self.text(right - len(words) * size * FIGURE_WIDTH, y, words, font=FIGURES, size=size)

    def rule(self, y: float, *, left: float, right: float) -> None:
        line = f"0.7 G 0.6 w {left} {HEIGHT - y:.1f} m {right} {HEIGHT - y:.1f} l S"
        self.parts.append(line.encode())

    def content(self) -> bytes:
        return b"\n".join(self.parts)


def document(pages: list[Page], *, title: str) -> bytes:
    """The file: catalogue, fonts, pages, and the table that says where each of them begins."""
    first_page = 4 + len(FONTS)
    kids = " ".join(f"{first_page + 2 * index} 0 R" for index in range(len(pages)))
    fonts = " ".join(f"/F{index} {4 + index} 0 R" for index in range(len(FONTS)))
    name = title.encode("utf-16-be").hex()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Title <feff{name}> >>".encode(),
        *(FONT % font.encode() for font in FONTS),
    ]
    for index, page in enumerate(pages):
        content = page.content()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}]"
            f" /Resources << /Font << {fonts} >> >>"
            f" /Contents {first_page + 2 * index + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer << /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, len(out))
    )

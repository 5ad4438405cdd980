"""Files that people do not send, and the honest ones beside them; made here, byte by byte."""

import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

from reportlab.pdfgen.canvas import Canvas

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PROGRAM = b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def relations(*found: tuple[str, str, str]) -> str:
    """`found` holds the last word of the type, target and mode."""
    inner = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{escape(target)}" TargetMode="{mode}"/>'
        for n, (kind, target, mode) in enumerate(found)
    )
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def a_docx(body: str = "<w:p><w:r><w:t>Ada Example</w:t></w:r></w:p>", **more: str | bytes) -> bytes:
    """`more` are further parts, by name."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document, **more})


def an_odt(body: str = "<text:p>Ada Example</text:p>", **more: str | bytes) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:text="{office}:text:1.0" xmlns:script="{office}:script:1.0" '
        f'xmlns:draw="{office}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:scripts/><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **more})


def a_page(text: str = "Ada Example", **options: object) -> bytes:
    """A PDF by an honest program."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, **options)
    canvas.drawString(100, 700, text)
    canvas.linkURL("https://example.org", (100, 690, 200, 710))
    canvas.save()
    return buffer.getvalue()


def a_pdf(*objects: str | bytes, catalogue: str = "", page: str = "") -> bytes:
    """One page, with what is given in its catalogue, in its page, and as objects from 5 on."""
    text = b"BT /F 12 Tf 100 700 Td (Ada Example) Tj ET"
    bodies: list[str | bytes] = [
        f"<</Type/Catalog/Pages 2 0 R {catalogue}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        f"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>{page}>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        *objects,
    ]
    return with_table(bodies)


def with_table(bodies: list[str | bytes]) -> bytes:
    """Objects numbered from 1, the first the catalogue, with the table of where they stand."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + (body.encode() if isinstance(body, str) else body) + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + table + trailer


def zeros(megabytes: int, letter: bytes = b"\0") -> bytes:
    """So many MiB of one letter, deflated with a head and a sum; made from one MiB that repeats, so it takes no time."""
    block = letter * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    total = 1
    for _ in range(megabytes):
        total = zlib.adler32(block, total)
    return b"\x78\xda" + packed * megabytes + b"\x03\x00" + struct.pack(">I", total)


def stacked_flate(megabytes: int = 1024) -> bytes:
    """A PDF of some kilobytes whose page is a gigabyte, twice deflated."""
    content = zlib.compress(zlib.compress(zeros(megabytes, b" "), 9), 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (
        len(content),
        content,
    )
    return a_pdf(stream).replace(b"/Contents 4 0 R", b"/Contents 5 0 R")


def endless_pages() -> bytes:
    """A tree of pages that says a million and goes in circles."""
    return with_table(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 1000000>>",
            "<</Type/Pages/Parent 2 0 R/Kids[2 0 R 4 0 R 3 0 R]/Count 500000>>",
            "<</Type/Pages/Parent 2 0 R/Kids[3 0 R 2 0 R]/Count 500000>>",
        ]
    )


def many_pages(count: int = 20_000) -> bytes:
    """As many pages as fit into a file that may be uploaded, all the same one."""
    kids = " ".join(["3 0 R"] * count)
    return a_pdf().replace(b"/Kids[3 0 R]/Count 1", b"/Kids[%s]/Count %d" % (kids.encode(), count))


def zip_bomb(megabytes: int = 1024) -> bytes:
    """A Word file whose text is so long, packed into a thousandth."""
    packed = zeros(megabytes, b"a")[2:-4]
    data = bytearray(a_docx(**{"word/big.xml": b"a"}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {i.filename: archive.read(i) for i in archive.infolist() if i.filename != "word/big.xml"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
        archive.writestr("word/header1.xml", packed)
        info = archive.getinfo("word/header1.xml")
        info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, megabytes << 20
        offset = info.header_offset
    made = bytearray(buffer.getvalue())
    made[offset + 8 : offset + 10] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    made[offset + 14 : offset + 18] = bytes(4)
    made[offset + 22 : offset + 26] = struct.pack("<I", megabytes << 20)
    return bytes(made)


def a_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """White, one bit a pixel, a few hundred kilobytes however large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zeros(max(1, height * (1 + (width + 7) // 8) >> 20) + 1, b"\0")
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")

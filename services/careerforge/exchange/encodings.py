"""Bytes → text, in the encoding that they say or UTF-8."""

import codecs

from services.careerforge.exchange.findings import refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes, file: str) -> str:
    """Raises InvalidArgument for text in an encoding that does not say its name: guesses make wrong names of people."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        where = f"{file}, byte {error.start + 1}" if file else f"byte {error.start + 1}"
        raise refused(where, f"is no {encoding.upper()}; save the file as UTF-8", encoding=encoding) from None

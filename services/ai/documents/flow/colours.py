"""Whether ink can be told from its ground."""

import re

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
# Relative luminance of WCAG 2; 1 is the same colour, 21 black on white. The palest grey of usual designs, #D9D9D9 on white, has 1.41.
LEAST_CONTRAST = 1.2
_HEX = re.compile(r"#?(?:([0-9a-f]{3})|([0-9a-f]{6}))(?:[0-9a-f]{2})?", re.IGNORECASE)
_FUNCTION = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+%?))?\s*\)", re.IGNORECASE)
NAMED: dict[str, Colour] = {
    "white": WHITE,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "aliceblue": (240, 248, 255),
    "honeydew": (240, 255, 240),
    "seashell": (255, 245, 238),
    "black": BLACK,
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "darkgray": (169, 169, 169),
    "darkgrey": (169, 169, 169),
    "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211),
    "silver": (192, 192, 192),
    "red": (255, 0, 0),
    "darkred": (139, 0, 0),
    "green": (0, 128, 0),
    "darkgreen": (0, 100, 0),
    "blue": (0, 0, 255),
    "darkblue": (0, 0, 139),
    "navy": (0, 0, 128),
    "midnightblue": (25, 25, 112),
    "teal": (0, 128, 128),
    "cyan": (0, 255, 255),
    "darkcyan": (0, 139, 139),
    "magenta": (255, 0, 255),
    "darkmagenta": (139, 0, 139),
    "yellow": (255, 255, 0),
    "darkyellow": (128, 128, 0),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
    "maroon": (128, 0, 0),
    "steelblue": (70, 130, 180),
    "slategray": (112, 128, 144),
}


def colour(text: str) -> Colour | None:
    """A colour as CSS, OOXML and ODF write it; None for what is no opaque colour ("auto", "transparent") or not known."""
    text = text.strip().lower()
    if text in NAMED:
        return NAMED[text]
    if match := _HEX.fullmatch(text):
        digits = match[2] or "".join(2 * digit for digit in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := _FUNCTION.fullmatch(text):
        return min(255, int(match[1])), min(255, int(match[2])), min(255, int(match[3]))
    return None


def is_hidden(ink: Colour, ground: Colour) -> bool:
    return contrast(ink, ground) < LEAST_CONTRAST


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(parts: Colour) -> float:
    red, green, blue = ((p / 255 / 12.92) if p <= 10 else ((p / 255 + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

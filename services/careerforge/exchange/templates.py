"""How exported profiles look. Lengths are points (1/72 inch)."""

from dataclasses import dataclass

from services.careerforge.exchange.sheet import Kind

PAPERS = {"A4": (595.28, 841.89), "LETTER": (612.0, 792.0)}
"""Width and height."""

Colour = tuple[int, int, int]
INK: Colour = (26, 26, 26)
# Dark enough for people who see little contrast: 7:1 on white.
GREY: Colour = (85, 85, 85)
NAVY: Colour = (24, 62, 104)


@dataclass(frozen=True, slots=True)
class Look:
    """A kind of block: size of its letters, space before and after it, and between its lines as a share of the size."""

    size: float
    bold: bool = False
    colour: Colour = INK
    before: float = 0.0
    after: float = 0.0
    leading: float = 1.3


@dataclass(frozen=True, slots=True)
class Template:
    """`family` names the embedded font, `office_font` one that every office program has. `rule` is a line beneath headings."""

    name: str
    family: str
    office_font: str
    margin: float
    centred: bool
    rule: Colour | None
    looks: dict[Kind, Look]
    # Space before an entry that is not the first of its section.
    gap: float
    indent: float = 12.0


CLASSIC = Template(
    name="classic",
    family="EBGaramond",
    office_font="Georgia",
    margin=62,
    centred=True,
    rule=(140, 140, 140),
    gap=8,
    looks={
        Kind.NAME: Look(26, bold=True, after=1, leading=1.15),
        Kind.HEADLINE: Look(13, colour=GREY, after=4),
        Kind.CONTACT: Look(10.5, colour=INK),
        Kind.HEADING: Look(13.5, bold=True, before=14, after=5),
        Kind.ENTRY: Look(11.5, bold=True),
        Kind.DETAIL: Look(11, colour=GREY, after=1.5),
        Kind.TEXT: Look(11),
        Kind.ITEM: Look(11),
    },
)
MODERN = Template(
    name="modern",
    family="SourceSans3",
    office_font="Calibri",
    margin=58,
    centred=False,
    rule=None,
    gap=9,
    looks={
        Kind.NAME: Look(27, bold=True, colour=NAVY, after=0, leading=1.15),
        Kind.HEADLINE: Look(13, colour=GREY, after=5),
        Kind.CONTACT: Look(10, colour=INK),
        Kind.HEADING: Look(14, bold=True, colour=NAVY, before=17, after=4),
        Kind.ENTRY: Look(11, bold=True),
        Kind.DETAIL: Look(10.5, colour=NAVY, after=2),
        Kind.TEXT: Look(10.5, leading=1.35),
        Kind.ITEM: Look(10.5, leading=1.35),
    },
)
COMPACT = Template(
    name="compact",
    family="SourceSans3",
    office_font="Calibri",
    margin=44,
    centred=False,
    rule=(190, 190, 190),
    gap=4.5,
    indent=10,
    looks={
        Kind.NAME: Look(19, bold=True, leading=1.15),
        Kind.HEADLINE: Look(10.5, colour=GREY, after=2),
        Kind.CONTACT: Look(9),
        Kind.HEADING: Look(11, bold=True, before=9, after=3),
        Kind.ENTRY: Look(9.5, bold=True, leading=1.25),
        Kind.DETAIL: Look(9.5, colour=GREY, leading=1.25, after=0.5),
        Kind.TEXT: Look(9.5, leading=1.25),
        Kind.ITEM: Look(9.5, leading=1.25),
    },
)
TEMPLATES = {template.name: template for template in (CLASSIC, MODERN, COMPACT)}

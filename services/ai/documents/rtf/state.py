"""The state that an RTF reader keeps for each group, and what control words make of it."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from services.ai.documents.document import Concealment
from services.ai.documents.flow.colours import WHITE, Colour, is_hidden
from services.ai.documents.flow.flow import LEAST_SIZE, Look

CODE_PAGES = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""By the numbers of `\\fcharset`."""
TWIPS = 20
# Paragraphs that begin so far outside the margin, in points, are off the page.
MOST_OUTDENT, MOST_INDENT = -160.0, 1200.0


class Target(Enum):
    """Where letters go."""

    TEXT = auto()
    HEADER = auto()
    FOOTER = auto()
    NOTE = auto()
    FRAME = auto()
    TOLD = auto()  # titles, comments
    FIELD = auto()  # the code of a field
    RESULT = auto()  # what a field shows
    FONTS = auto()
    COLOURS = auto()
    STYLES = auto()
    NOWHERE = auto()


_TARGETS = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), Target.HEADER),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), Target.FOOTER),
    **dict.fromkeys(("info", "annotation", "atnauthor"), Target.TOLD),
    "footnote": Target.NOTE,
    "shptxt": Target.FRAME,
    "dptxbxtext": Target.FRAME,
    "fldinst": Target.FIELD,
    "fldrslt": Target.RESULT,
    "fonttbl": Target.FONTS,
    "colortbl": Target.COLOURS,
    "stylesheet": Target.STYLES,
    **dict.fromkeys(
        {
            "pict",
            "objdata",
            "objclass",
            "objname",
            "nonshppict",
            "listtable",
            "listoverridetable",
            "generator",
            "themedata",
        }
        | {
            "listtext",
            "pntext",
            "pntxtb",
            "pntxta",
            "fldtype",
            "datafield",
            "bkmkstart",
            "bkmkend",
            "xmlnstbl",
            "rsidtbl",
        }
        | {
            "revtbl",
            "latentstyles",
            "datastore",
            "colorschememapping",
            "filetbl",
            "atnid",
            "atnref",
            "atndate",
            "private",
        }
        | {"creatim", "revtim", "printim", "buptim", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "tc", "xe", "password"}
        | {"template", "sn", "sv"},
        Target.NOWHERE,
    ),
}
# Starred groups that hold text or hold groups that do: all others are unknown to readers and skipped.
_OPENED = frozenset(("shpinst", "shpgrp", "do", "ud", "pgdsctbl", "nesttableprops", "background", "picprop"))


@dataclass(frozen=True, slots=True)
class State:
    target: Target = Target.TEXT
    opening: bool = False
    starred: bool = False
    bold: bool = False
    italic: bool = False
    size: float = 12.0
    vanished: bool = False
    deleted: bool = False
    ink: int = 0
    ground: int = 0
    under: int = 0  # the paragraph's shading
    painted: bool = False  # the table's cells are shaded
    scale: float = 100.0
    off_page: bool = False
    flat: bool = False
    font: int = 0
    style: int = 0
    heading: int = 0
    listed: bool = False
    in_table: bool = False
    unicode_bytes: int = 1

    def look(self, colours: list[Colour | None], link: str) -> Look:
        return Look(self.bold, self.italic, self.size, self._hidden(colours), link)

    def _hidden(self, colours: list[Colour | None]) -> Concealment | None:
        if self.deleted:
            return Concealment.HIDDEN_LAYER
        if self.vanished:
            return Concealment.INVISIBLE
        if self.off_page:
            return Concealment.OFF_PAGE
        if self.flat or self.size < LEAST_SIZE or self.size * self.scale / 100 < LEAST_SIZE / 2:
            return Concealment.TINY
        ink, ground = _colour(colours, self.ink), _colour(colours, self.ground) or _colour(colours, self.under)
        if ink is None or (ground is None and self.painted):
            return None
        return Concealment.LOW_CONTRAST if is_hidden(ink, ground or WHITE) else None


def _colour(colours: list[Colour | None], number: int) -> Colour | None:
    return colours[number] if 0 <= number < len(colours) else None


_PLAIN = {
    "bold": False,
    "italic": False,
    "size": 12.0,
    "vanished": False,
    "deleted": False,
    "ink": 0,
    "ground": 0,
    "scale": 100.0,
}
_PARAGRAPH = {
    "under": 0,
    "heading": 0,
    "listed": False,
    "in_table": False,
    "off_page": False,
    "flat": False,
    "style": 0,
}


def after_word(state: State, word: str, number: int | None) -> State:
    """The state after a control word; a destination opens only at a group's beginning."""
    opening, starred = state.opening, state.starred
    if opening or starred:
        state = replace(state, opening=False, starred=False)
    if opening and word in _TARGETS and state.target is not Target.NOWHERE:
        target = _TARGETS[word]
        # What a title's group holds stays told, a font table's groups stay fonts.
        return state if state.target is Target.TOLD and target is not Target.NOWHERE else replace(state, target=target)
    if opening and starred and word not in _OPENED:
        return state if state.target in (Target.STYLES, Target.FONTS) else replace(state, target=Target.NOWHERE)
    change = _changes(word, number)
    return replace(state, **change) if change else state


def _changes(word: str, number: int | None) -> dict[str, Any]:
    on = number != 0
    value = number or 0
    match word:
        case "plain":
            return _PLAIN
        case "pard":
            return _PARAGRAPH
        case "trowd":
            return {"painted": False}
        case "clcbpat":
            return {"painted": True} if value else {}
        case "b":
            return {"bold": on}
        case "i":
            return {"italic": on}
        case "fs":
            return {"size": value / 2 if value > 0 else 12.0}
        case "v" | "webhidden":
            return {"vanished": on}
        case "deleted":
            return {"deleted": on}
        case "cf":
            return {"ink": value}
        case "cb" | "highlight" | "chcbpat":
            return {"ground": value}
        case "cbpat":
            return {"under": value}
        case "charscalex":
            return {"scale": float(value or 100)}
        case "f":
            return {"font": value}
        case "s":
            return {"style": value}
        case "outlinelevel":
            return {"heading": value + 1}
        case "ls" | "pnlvlblt" | "pnlvlbody":
            return {"listed": True}
        case "intbl":
            return {"in_table": True}
        case "uc":
            return {"unicode_bytes": min(8, max(0, value))}
        case "li" | "lin":
            return {"off_page": not MOST_OUTDENT < value / TWIPS < MOST_INDENT}
        case "sl":
            return {"flat": -2.5 < value / TWIPS < 0}
    return {}

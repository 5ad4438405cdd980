"""A bias audit as a page to publish: one file without scripts and without anything to load; each chart has its table beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from services.talenthub.fairness.audit import FOUR_FIFTHS, LEAST_PEOPLE, LEAST_SHARE, Audit, Group, Impact

TITLES = {"sex": "By sex", "race": "By race and ethnicity", "sex,race": "By sex and race together"}
RATES = {"selection": "Selection rates", "scoring": "Scoring rates"}

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:600}
th,td{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:right}th:first-child{text-align:left}
.adverse{font-weight:700;color:#9c1c1c}svg{max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif}
"""
_LABEL, _WIDTH, _ROW, _MOST = 240, 480, 26, 1.5


@dataclass(frozen=True, slots=True)
class About:
    """What the page says beside figures: whose audit, over which time, and when it was made."""

    organization: str
    start: datetime
    made: datetime


def page(audit: Audit, about: About) -> str:
    """HTML. The same audit gives the same page."""
    name, start, made = escape(about.organization), f"{about.start:%Y-%m-%d}", f"{about.made:%Y-%m-%d}"
    body = "".join(_dimension(audit, dimension) for dimension in TITLES)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bias audit: {name}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head><body><main>'
        f"<h1>Bias audit: {name}</h1><p>Applications from {start} to {made}. Made on {made}.</p>"
        f"{_summary(audit)}{body}{_method()}</main></body></html>\n"
    )


def _summary(audit: Audit) -> str:
    adverse = [group.name for group in audit.groups if group.selection.is_adverse or group.scoring.is_adverse]
    found = (
        f'<span class="adverse">Adverse impact: {escape("; ".join(adverse))}.</span>'
        if adverse
        else "No adverse impact found."
    )
    return (
        f"<p>{audit.total:,} applications, of which {audit.scored:,} have a score. "
        f"{audit.unknown:,} people told nothing of themselves and are in no group.</p><p>{found}</p>"
    )


def _dimension(audit: Audit, dimension: str) -> str:
    groups = [group for group in audit.groups if group.dimension == dimension]
    if not groups:
        return f"<h2>{TITLES[dimension]}</h2><p>Nobody told.</p>"
    parts = (_chart(groups, dimension, kind) + _table(groups, dimension, kind) for kind in RATES)
    return f"<h2>{TITLES[dimension]}</h2>{''.join(parts)}"


def _impact(group: Group, kind: str) -> Impact:
    return group.selection if kind == "selection" else group.scoring


def _table(groups: Sequence[Group], dimension: str, kind: str) -> str:
    heads = ("Group", "Applications", "Rate", "Impact ratio", "95 % interval")
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    rows = "".join(_row(group, _impact(group, kind)) for group in groups)
    caption = f"{RATES[kind]}, {TITLES[dimension].lower()}"
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(group: Group, impact: Impact) -> str:
    rate = f"{impact.rate:.3f}" if impact.total >= LEAST_PEOPLE else "too few to tell"
    cells = [f"{group.count:,}" if group.count else f"under {LEAST_PEOPLE}", rate]
    if impact.ratio is None:
        cells += ["excluded" if group.excluded else "none", ""]
    else:
        mark = ' class="adverse"' if impact.is_adverse else ""
        cells += [f"<span{mark}>{impact.ratio:.3f}</span>", f"{impact.low:.3f} to {impact.high:.3f}"]
    return f'<tr><th scope="row">{escape(_words(group))}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _words(group: Group) -> str:
    return ", ".join(part.split("=")[1].replace("_", " ") for part in group.name.split(","))


def _chart(groups: Sequence[Group], dimension: str, kind: str) -> str:
    """A bar for each impact ratio, its interval as a line over it, and four fifths across."""
    shown = [group for group in groups if _impact(group, kind).ratio is not None]
    if not shown:
        return ""
    height = _ROW * len(shown) + 30
    key = f"{kind}-{dimension.replace(',', '-')}"
    mark = _x(FOUR_FIFTHS)
    title = f"Impact ratios of {RATES[kind].lower()}, {TITLES[dimension].lower()}"
    return (
        f'<svg role="img" viewBox="0 0 {_LABEL + _WIDTH + 60} {height}" width="{_LABEL + _WIDTH + 60}" '
        f'aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{title}</title>'
        f'<desc id="{key}-desc">{escape("; ".join(_said(group, kind) for group in shown))}. The table below has the same figures.</desc>'
        f"{''.join(_bars(shown, kind))}"
        f'<line x1="{mark:.1f}" x2="{mark:.1f}" y1="0" y2="{height - 18}" stroke="#9c1c1c" stroke-dasharray="4 3"/>'
        f'<text x="{mark:.1f}" y="{height - 4}" text-anchor="middle">four fifths</text></svg>'
    )


def _bars(groups: Sequence[Group], kind: str) -> Iterator[str]:
    for place, group in enumerate(groups):
        impact, y = _impact(group, kind), place * _ROW + 4
        middle = y + _ROW / 2 - 4
        end, colour = _x(impact.ratio or 0), "#c96a5b" if impact.is_adverse else "#5b8fc9"
        yield (
            f'<text x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(_words(group))}</text>'
            f'<rect x="{_LABEL}" y="{y}" width="{end - _LABEL:.1f}" height="{_ROW - 8}" fill="{colour}"/>'
            f'<line x1="{_x(impact.low):.1f}" x2="{_x(impact.high):.1f}" y1="{middle}" y2="{middle}" stroke="#1a1a1a" stroke-width="2"/>'
            f'<text x="{max(end, _x(impact.high)) + 6:.1f}" y="{middle + 4}">{impact.ratio:.2f}</text>'
        )


def _x(ratio: float) -> float:
    return _LABEL + _WIDTH * min(ratio, _MOST) / _MOST


def _said(group: Group, kind: str) -> str:
    impact = _impact(group, kind)
    return f"{_words(group)} {impact.ratio:.2f}, interval {impact.low:.2f} to {impact.high:.2f}"


def _method() -> str:
    sentences = (
        "After New York City's Local Law 144 of 2021 (6 RCNY § 5-300 and following).",
        "The selection rate is the share of a group's applications that was moved forward from the first stage; those that wait still",
        "count as not moved. The scoring rate is the share with a score above the median of all scores.",
        "The impact ratio is a rate divided by the highest of the groups.",
        "Sex and race are what applicants told of their own will; no matcher reads them.",
        f"Groups under {LEAST_SHARE:.0%} of those who told are reported and have no ratio.",
        f"Of groups under {LEAST_PEOPLE} people, neither number nor rate is told.",
        "Intervals are Katz's, with a half added to each cell where one is empty.",
        f"Adverse impact is said of a group whose impact ratio is under {FOUR_FIFTHS} and whose interval lies below 1.",
    )
    return f"<h2>How it was made</h2><p>{' '.join(sentences)}</p>"

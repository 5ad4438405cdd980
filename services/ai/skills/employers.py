"""Whether the name of a company and of its product stands for the company: "worked at Oracle", "Oracle Corporation, 2015 – 2018"."""

import re

_BEFORE = re.compile(
    r"\b(?:at|for|from|joined?|joining|by|left|employer|company|employed|acquired|client|clients|customer|customers|partners?|@|companies|vendors?|firms?|competitors?)"
    r"(?:\s+(?:like|such\s+as|including|of|the))?\s*[:,]?\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*,?\s*(?:inc|llc|ltd|corp|corporation|gmbh|ag|plc|limited|technologies|systems|labs|group|canada|india|usa|uk|germany|ireland|university|bank|headquarters|campus|office|hq|stores?|employees?|team)\b"
    r"|\s*[,–—|(-]\s*[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2},\s*(?:[A-Z]{2}\b|[A-Z][a-z]+)",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"(?:19|20)\d\d\s*(?:[-–—]|to)\s*(?:(?:19|20)\d\d|present|current|now|today|heute|actual)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+(?:19|20)\d\d|\b\d{1,2}/(?:19|20)\d\d",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:engineer|developer|manager|director|analyst|scientist|intern|designer|consultant|architect|lead|head|officer|assistant|specialist|administrator"
    r"|technician|coordinator|associate|representative|supervisor|executive|advisor|president|vp)\s*(?:,|[–—|@-]|\bat\b)\s*$",
    re.IGNORECASE,
)

# Characters; a longer line is prose.
LINE = 80


def is_employer(text: str, start: int, end: int) -> bool:
    """Whether the company at these characters is one that somebody works for."""
    before = text[max(text.rfind("\n", 0, start) + 1, start - LINE) : start]
    after = text[end : end + LINE].split("\n", 1)[0]
    if _BEFORE.search(before) or _AFTER.match(after) or _TITLE.search(before):
        return True
    # A line with dates heads a role; one that names the company first or alone does too.
    short = len(before) + len(after) < LINE
    return short and bool(_DATES.search(before + " " + after))

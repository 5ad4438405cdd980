"""Whether a text denies a skill, or only hopes for it: "no experience with Java", "willing to learn Rust"."""

import re

_CLAUSE_END = re.compile(r"[.;!?\n•](?=\s|$)|\n|\b(?:but|however|although|though)\b", re.IGNORECASE)
_DENIED_BEFORE = re.compile(
    r"""\b(?:
      (?:no|not\s+any|without(?:\s+any)?|zero|little\s+to\s+no|lack(?:s|ed|ing)?(?:\s+of)?|lack\s+of)\s+(?:\w+[\s-]+){0,3}?
          (?:experience|knowledge|exposure|background|skills?|training|understanding|familiarity|proficiency|expertise|use)\b
          (?:\s+(?:in|of|with|using|to|on|as))?
    | (?:no|without(?:\s+any)?)
    | (?:(?:do|does|did|have|has|had|is|are|am|was|were|can|could|would)(?:\s+not|n['’]t)|cannot|never|not(?:\s+yet)?)
          \s+(?:yet\s+|ever\s+|really\s+|actually\s+|formally\s+|been\s+|very\s+){0,2}
          (?:know|used?|using|worked?(?:\s+(?:with|in|on))?|touched|learned|learnt|tried|written|write|speak|code|programmed?|program|have|familiar|proficient
            |experienced?|trained|certified|comfortable|qualified|required?|need|involve)
    | (?:keine?\w*|aucune?|sin|nessuna)\s+\w+ | pas\s+de | ohne | sans | neither | unfamiliar | inexperienced | untrained
    | (?:willing|eager|keen|hop(?:e|es|ed|ing)|want(?:s|ed|ing)?|plan(?:s|ned|ning)?|wish(?:es|ing)?|like|love|ready|aim(?:s|ing)?
        |intend(?:s|ing)?|looking|look\s+forward|excited|able|interested|interest|aspir(?:e|es|ing)|curious|open|opportunity|desire
        |goal(?:\s+is)?)
      \s+(?:to|in|about|for)(?:\s+be)?\s+(?:\w+ly\s+)?
      (?:learn(?:ing)?|study(?:ing)?|train(?:ing|ed)?|pick(?:ing)?\s+up|explor(?:e|ing)|try(?:ing)?|get(?:ting)?\s+into
        |understand(?:ing)?|master(?:ing)?)
    | (?:currently\s+)?(?:yet\s+to|about\s+to)\s+(?:learn|use|try)
    | (?:instead\s+of|rather\s+than|other\s+than|except(?:\s+for)?|anything\s+but|as\s+opposed\s+to)
    | (?:refus(?:e|ed|es)|dislike[sd]?|hate[sd]?|avoid(?:s|ed)?)
    | interested\s+in\s+(?:learning|studying)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Words between a denial and the name that do not end it; another word, unless it is an item of a list, begins something else.
_GOING_ON = frozenset(
    [
        "or",
        "mit",
        "von",
        "en",
        "de",
        "avec",
        "con",
        "oder",
        "ou",
        "und",
        "some",
        "my",
        "first",
        "basic",
        "nor",
        "and",
        "in",
        "of",
        "with",
        "using",
        "to",
        "on",
        "the",
        "any",
        "a",
        "an",
        "at",
        "all",
        "how",
        "as",
        "about",
        "more",
        "new",
        "either",
        "for",
        "into",
        "even",
        "much",
        "such",
        "like",
        "language",
        "languages",
        "tool",
        "tools",
        "skill",
        "skills",
        "framework",
        "frameworks",
        "programming",
        "called",
        "named",
        "use",
        "work",
        "code",
        "develop",
        "build",
        "program",
        "experience",
        "knowledge",
        "exposure",
    ]
)
_ITEM = re.compile(r"[^\s,/]+[,/]?|[,/]")
_DENIED_AFTER = re.compile(
    r"^\s*(?:\w+\s+){0,2}?(?:is|are|was|were)(?:\s+not|n['’]t)\s+(?:required|needed|necessary|used|a\s+requirement|supported|my|part)\b"
    r"|^\s*(?:not\s+(?:required|needed|necessary))\b|^\s*(?:experience|knowledge|skills?)?\s*:\s*(?:none|no|n/a|nil)\b",
    re.IGNORECASE,
)
REACH = 160
"""Characters before a name that can deny it."""


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether the name at these characters is said not to be known, or not yet."""
    before = text[max(0, start - REACH) : start]
    ends = [match.end() for match in _CLAUSE_END.finditer(before)]
    clause = before[ends[-1] :] if ends else before
    denials = list(_DENIED_BEFORE.finditer(clause))
    if denials and _goes_on(clause[denials[-1].end() :]):
        return True
    return bool(_DENIED_AFTER.match(text[end : end + 60].split("\n", 1)[0]))


def _goes_on(between: str) -> bool:
    items = _ITEM.findall(between)
    following = [*items, ""][1:]
    return all(
        item[-1] in ",/" or item.lower() in _GOING_ON or item[0].isupper() or after.lower() in ("or", "nor")
        for item, after in zip(items, following, strict=True)
    )

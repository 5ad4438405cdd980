"""Where the work is done: at home, in the office, or both."""

import re
from collections.abc import Iterator

from services.ai.matching.features import Origin, Requirement, RequirementKind, WorkMode
from services.ai.matching.requirements.making import Here, identity
from services.ai.matching.requirements.numbers import NUMBER

_HYBRID = (
    r"hybrid (?:work\w*|role|position|model|schedule|job|setup|policy|arrangement|office)|hybrid(?= ?(?:[-–(/,|.]"
    r"|$))|hybrides? arbeiten|(?:partly|partially|part) remote|remote/hybrid|hybrid/remote|télétravail partiel"
    r"|modelo híbrido|teilweise (?:im )?home ?office|home ?office(?= (?:an \d|an bis|möglich|nach absprache|tage))"
    rf"|{NUMBER}(?:\s*(?:-|–|to)\s*{NUMBER})?\s+days?(?: (?:a|per|each) week)?(?: (?:in|at|from|on"
    rf"|working from))(?: the| our)? (?:office|home|site)|(?:jours?|días?|tage?) (?:de télétravail|de teletrabajo"
    rf"|home ?office)"
)
_REMOTE = (
    r"(?:fully|100 ?%|completely|entirely|permanently)[- ]remote|remote[- ](?:first|only|work(?:ing)?(?= (?:is "
    r"|will be )?(?:available|offered|possible|option|position|role|allowed|policy"
    r"|arrangement|opportunit|supported|permitted|considered)|\s*$|\s*[.,)])|position|role|job|opportunity|based)"
    r"|(?:work|working|based)(?:ing)? (?:fully "
    r"|100% )?(?:remotely|from home|from anywhere)|home[- ]based|(?:is|be|work|location:?|\() ?remote(?=\)|[.,;]|$"
    r"| in | within )"
    r"|(?<!the )(?:100 ?% |komplett )?(?-i:home ?office|Home-Office|Homeoffice|Home-office)|(?:full )?télétravail"
    r"|teletrabajo|en remoto|remote(?= (?:software|data"
    r"|senior|junior|python|java|backend|frontend|full|nurse|customer|developer|engineer)\b)"
)
_ONSITE = (
    r"(?:is |be |work |100% |fully |based )on[- ]?site|on[- ]?site (?:role|position|only|work\w*"
    r"|regular attendance|attendance|presence|job)|office[- ]based|in[- ]office(?= (?:role|position|only))"
    r"|no remote(?: work\w*)?|remote (?:work(?:ing)? )?(?:is )?not (?:possible|available|an option)"
    r"|not (?:a )?remote|vor ort(?= in )|présentiel|presencial|kein (?:home ?office|remote)"
)
_MODES = re.compile(
    rf"(?<![\w-])(?:(?P<onsite>{_ONSITE})|(?P<hybrid>{_HYBRID})|(?P<remote>{_REMOTE}))(?!\w)", re.IGNORECASE
)
_OTHER = re.compile(
    r"\s*(?:sensing|monitor|access|desktop|server|site|location|area|patient|support|control|procedure|customer"
    r"|team|deposit|cloud|environment|employee reimburse|nursery|gym|parking|restaurant|shop|fitness|clinic|caf"
    r"|canteen|accommodation|facilit|health|training|childcare)",
    re.IGNORECASE,
)
_HINTS = (
    "remot",
    "hybrid",
    "híbrid",
    "site",
    "home",
    "office",
    "télétravail",
    "teletrabajo",
    "vor ort",
    "présentiel",
    "presencial",
    "anywhere",
)
# The answer stands in the next line.
_ANSWER = 12
_REMOTELY = re.compile(r"work remotely\s*:\s*[-•*]?\s*(?:(?P<no>no)|yes)\b", re.IGNORECASE)
_AT_TIMES = re.compile(
    r"(?:ability to|able to|occasional\w*|sometimes|option(?:s|al)? (?:to|of|for)|flexib\w+|opportunit\w+ (?:to"
    r"|for)|may|can|possib\w+)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)


def find_modes(here: Here) -> Iterator[Requirement]:
    """The first that a clause names; what one may do at times is no mode of the position, but a mixed one."""
    text, clause = here.text, here.clause
    if not here.has(_HINTS):
        return
    for match in _REMOTELY.finditer(text, clause.start, clause.end + _ANSWER):
        mode = WorkMode.ONSITE if match["no"] else WorkMode.REMOTE
        yield here.make(
            RequirementKind.WORK_MODE, mode.name.lower(), match.start(), match.end(), level=mode.name, must=True
        )
        return
    for match in _MODES.finditer(text, clause.start, clause.end):
        if _OTHER.match(text, match.end()):
            continue
        mode = WorkMode[(match.lastgroup or "").upper()]
        if mode is WorkMode.REMOTE and _AT_TIMES.search(text[max(clause.start, match.start() - 50) : match.start()]):
            mode = WorkMode.HYBRID
        yield here.make(
            RequirementKind.WORK_MODE, mode.name.lower(), match.start(), match.end(), level=mode.name, must=True
        )
        return


def of_title(title: str) -> Requirement | None:
    """`Remote Software Developer`."""
    match = re.search(
        r"(?<![\w-])(?:fully )?(remote|hybrid|on-?site|home ?office)(?!\w)(?! sensing| monitoring| support| site| cloud)",
        title,
        re.IGNORECASE,
    )
    if not match:
        return None
    word = match[1].lower()
    mode = WorkMode.HYBRID if word == "hybrid" else WorkMode.ONSITE if word.startswith("on") else WorkMode.REMOTE
    label, fields = mode.name.lower(), {"level": mode.name}
    found = identity(RequirementKind.WORK_MODE, label, fields)
    return Requirement(found, RequirementKind.WORK_MODE, label, True, None, level=mode.name, origin=Origin.POSITION)

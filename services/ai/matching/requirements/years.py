"""Years of experience that are asked for, and in which skill."""

import re
from collections.abc import Iterator, Sequence

from services.ai.matching.features import Requirement, RequirementKind
from services.ai.matching.requirements import cues
from services.ai.matching.requirements.making import Here
from services.ai.matching.requirements.numbers import NUMBER, number_of
from services.ai.matching.requirements.sections import Section
from services.ai.skills.linker import Mention

MOST_YEARS = 40
_UNITS = ("year", "yr", "month", "jahr", "monat", " an", "mois", "año", "mes")
_YEARS = re.compile(
    rf"(?<![\w.,£$€/])(?:(?:at least|a minimum of|minimum(?: of)?|min\.?|more than|over|mindestens|au moins|al menos|mínimo(?: de)?)\s+)?"
    rf"(?P<low>{NUMBER})(?:\s*\(\d{{1,2}}\))?\s*(?:\+|plus|or more|bis zu)?\s*(?:(?:-|–|—|to|bis|à|a|or"
    rf"|oder)\s*(?P<high>{NUMBER})(?:\s*\(\d{{1,2}}\))?\s*\+?\s*)?(?:or more |full |complete )?"
    rf"(?P<unit>years?|yrs?|months?|jahre?n?|monate?n?|ans|années?|mois|años?|meses)(?!\w)(?:['’]s?(?!\w)|\s*\+)?",
    re.IGNORECASE,
)
# Near the number, one of these shows that it counts experience.
_OF_WORK = re.compile(
    r"(?<!\w)(?:experienced?|exp|background|work(?:ing|ed)?|hands[- ]on|track record|post[- ]?(?:qualif\w+"
    r"|registration|graduat\w+|cct|certification)|practice|practising|practicing|in (?:a|an|the) (?:similar"
    r"|related|same|role)"
    r"|employment|qualified|industry|career|berufserfahrung|erfahrung\w*|praxis|expérience|experiencia|programming"
    r"|coding|development|developing|management|leadership|tenure)(?!\w)",
    re.IGNORECASE,
)
_NOT_OF_WORK = re.compile(
    r"(?<!\w)(?:within|in|over|during|for|every|each|next|past|last|previous|the)\s+(?:the\s+)?(?:(?:past|last"
    r"|next|previous|preceding|first)\s+)?$|(?:fixed[- ]term|contract|temporary|secondment)\W*$|(?:years? of age"
    r"|aged?|age of|for (?:over|more than|nearly"
    r"|almost))\s*$",
    re.IGNORECASE,
)
_ENDS_OTHERWISE = re.compile(
    r"\s*(?:old|of age|ago|contract|fixed|term|degree|college|university|program(?:me)?|bachelor|course|study"
    r"|studies|training|warranty|from (?:now|today)|anniversary|plan|period|in a row|probation|in business)(?!\w)"
    r"|-?\s*(?:old|long)\b",
    re.IGNORECASE,
)
# `Nursing: 1 year (Required)`.
_INDEED = re.compile(r"\s*\((?:required|preferred)\)", re.IGNORECASE)
_AFTER = 70
_BEFORE = 45
# From the number to the skill that it counts: nothing but such words.
_TO_SKILL = re.compile(
    r"[\s,'’+:-]*(?:(?:of|in|with|using|as|an?|the|on|for|professional|relevant|related|proven|practical|solid"
    r"|strong|hands|hand|work|working|works?|commercial|industry|recent|direct|demonstrated|total|extensive"
    r"|experienced?|exp|expertise|background|knowledge|programming|coding|developing|development|writing|building|applying|use|usage|experiencia|erfahrung|berufserfahrung|mit|expérience|en|de|d|des|du|la|les|con|avec|dans|im|der|advanced|production|post|similar)[\s,'’:-]+){0,8}[\s(\"“]*",
    re.IGNORECASE,
)
_AND = re.compile(r"[\s)\"”]*(?:,\s*(?:and\s+)?|and\s+|&\s*|und\s+|et\s+|y\s+|\+\s*)[\s(\"“]*", re.IGNORECASE)
_OR = re.compile(r"[\s)\"”]*,?\s*(?:and/or|or|/|oder|ou|o)[\s(]", re.IGNORECASE)
# A longer list is of the field as a whole: nobody counts years for each of its items.
MOST_SKILLS = 3


def find_years(here: Here, mentions: Sequence[Mention]) -> Iterator[Requirement]:
    """`mentions`: the skills of the clause. A range counts by its lower end; six months are half a year."""
    text, clause = here.text, here.clause
    if not here.has(_UNITS):
        return
    for match in _YEARS.finditer(text, clause.start, clause.end):
        years = _amount(match)
        if not 0 < years <= MOST_YEARS or here.denied(match.start(), match.end()):
            continue
        skills = _counted(text, match.end(), [m for m in mentions if m.span.start >= match.end()])
        if not _is_experience(here, match, bool(skills)):
            continue
        written = f"{years:g} {'year' if years == 1 else 'years'}"
        start = match.start("low") if _word_before(match) else match.start()
        for skill in skills:
            yield here.make(
                RequirementKind.YEARS,
                f"{written} of {skill.label}",
                start,
                skill.span.end,
                years=years,
                skill_id=skill.skill_id,
            )
        if not skills:
            yield here.make(RequirementKind.YEARS, f"{written} of experience", start, match.end(), years=years)


def _word_before(match: re.Match[str]) -> bool:
    return match.start() < match.start("low")


def _amount(match: re.Match[str]) -> float:
    try:
        low = number_of(match["low"])
    except (KeyError, ValueError):
        return 0.0
    return (
        round(low / 12, 2) if match["unit"].lower().startswith("mo") or match["unit"].lower().startswith("mes") else low
    )


def _is_experience(here: Here, match: re.Match[str], of_skill: bool) -> bool:
    text, clause = here.text, here.clause
    before = text[max(clause.start, match.start() - _BEFORE) : match.start()]
    after = text[match.end() : min(clause.end, match.end() + _AFTER)]
    if _ENDS_OTHERWISE.match(after) or _NOT_OF_WORK.search(before):
        return False
    if clause.section is Section.ASIDE:
        return False
    if of_skill or _OF_WORK.search(after) or _OF_WORK.search(before):
        return clause.section is not Section.OPEN or clause.asks or clause.must is not None
    if _INDEED.match(text, match.end()):
        return True
    opens = not before.strip(" •·*-–:")
    month = match["unit"].lower().startswith(("mo", "me"))
    return (
        opens
        and not month
        and (clause.section in (Section.MUST, Section.NICE) or re.match(r"\s*(?:of|in|with)\s", after) is not None)
    )


def _counted(text: str, end: int, mentions: Sequence[Mention]) -> list[Mention]:
    """Skills right behind the number, joined by "and"; none when one of several will do or there are many."""
    if not mentions:
        return []
    gap = text[end : mentions[0].span.start]
    if len(gap) > _AFTER or not _TO_SKILL.fullmatch(gap):
        return []
    found = [mentions[0]]
    for mention in mentions[1:]:
        if not _AND.fullmatch(text[found[-1].span.end : mention.span.start][:20]):
            break
        found.append(mention)
    goes_on = _OR.match(text, found[-1].span.end) or cues.EXAMPLES.match(text[found[-1].span.end :][:14].lstrip(" ,("))
    return [] if goes_on or len(found) > MOST_SKILLS else found

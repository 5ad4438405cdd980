"""English letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.letters.deed import Deed, Form
from services.ai.letters.phrases import Setting, Turns, capital, full_stop, joined, one_month
from services.ai.letters.plan import Held, Spoken, Studied, Wished
from services.ai.letters.records import Tone
from services.ai.letters.roles import Role
from services.ai.matching import WorkMode
from services.ai.months import YearMonth

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Of such there is one at a time, or they are no jobs: no article.
_NO_ARTICLE = re.compile(
    r"(?i)^(?:head|director|vice president|president|chief|ceo|cto|cfo|coo|chair\w*|founder|co-founder|owner|dean"
    r"|principal of|self)\b"
)
_VOWEL = re.compile(r"(?i)^(?:[aeio]|u(?!ni|se|s |k|ti)|hon|hour|heir|(?-i:[AEFHILMNORSX](?:[A-Z]|\b(?! [a-z]))))")
_LEVELS = {"NATIVE": "native"}


@dataclass(slots=True)
class English:
    """See Phrases."""

    turns: Turns

    def salutation(self, tone: Tone) -> str:
        return {Tone.PLAIN: "Dear hiring team,", Tone.WARM: "Hello,", Tone.FORMAL: "Dear Sir or Madam,"}[tone]

    def opening(self, title: str, employer: str, tone: Tone) -> str:
        at = f" at {employer}" if employer else ""
        ways = {
            Tone.PLAIN: (
                f"I am applying for the position of {title}{at}.",
                f"Please accept this letter as my application for the position of {title}{at}.",
            ),
            Tone.WARM: (
                f"I was glad to come across your posting for the position of {title}{at}, and I would like to apply for it.",
                f"Your posting for the position of {title}{at} caught my attention, and I would like to apply.",
            ),
            Tone.FORMAL: (
                f"I am writing to apply for the position of {title}{at}.",
                f"I wish to apply for the position of {title}{at}, as advertised.",
            ),
        }
        return full_stop(self.turns.pick("opening", ways[tone]))

    def latest(self, role: Role, same: bool) -> str:
        if role.current:
            return f"I currently work as {_as(role.title)}{_at(role)}, a post I have held since {_month(role.start)}."
        return f"My most recent post was that of {role.title}{_at(role)}{_period(role, ', ')}."

    def role(self, role: Role, setting: Setting) -> str:
        who = f"{_as(role.title)}{_at(role)}"
        if not role.shared:
            return self._bare(role, who, setting)
        exact = all(shared.exact for shared in role.shared)
        names = joined([shared.name for shared in role.shared], "and")
        ways = [self._told(role, who, setting)]
        if exact and not setting.earlier:
            ways.insert(0, _answered(role, who, names))
        if setting.number and not role.current:
            ways.append(f"I also know {names} from my time as {who}{_period(role, ', ')}.")
        return self.turns.pick(f"role{len(ways)}", ways) if setting.number else ways[0]

    def _told(self, role: Role, who: str, setting: Setting) -> str:
        tools = joined([s.name for s in role.shared if s.tool], "and")
        topics = joined([s.name for s in role.shared if not s.tool], "and")
        if role.current:
            did = f"my work involves {topics}" if topics else f"I work with {tools}"
            more = f", and I work with {tools}" if topics and tools else ""
            return f"Since {_month(role.start)} I have been working as {who}, where {did}{more}."
        did = f"my work involved {topics}" if topics else f"I worked with {tools}"
        more = f", and I worked with {tools}" if topics and tools else ""
        before = "Before that, " if setting.earlier else ""
        period = _period(role, "")
        when = f"{period}, I" if before else f"{capital(period)}, I"
        began = f"{before}{when}" if period else f"{before}I" if before else "I"
        return f"{began} worked as {who}, where {did}{more}."

    def _bare(self, role: Role, who: str, setting: Setting) -> str:
        if role.current:
            return f"Since {_month(role.start)} I have been working as {who}."
        period = _period(role, "")
        began = f"Before that, {period}, I" if setting.earlier and period else f"{capital(period)} I" if period else "I"
        return f"{began} worked as {who}."

    def deed(self, deed: Deed, current: bool, number: int) -> str:
        words = deed.words
        ways: Sequence[str]
        if deed.form is Form.OWN:
            return full_stop(capital(words))
        if deed.form is Form.PAST:
            ways = (
                (f"I also {words}", f"Among other things, I {words}")
                if number
                else (f"There I {words}", f"In that role I {words}")
            )
        elif deed.form is Form.GERUND:
            ways = (f"{'It also includes' if current else 'It also included'} {words}",)
            if not number:
                ways = (f"My work there {'includes' if current else 'included'} {words}",)
        elif deed.form is Form.CHARGE:
            also = "also " if number else ""
            ways = (f"I {'am' if current else 'was'} {also}responsible for {words}",)
        else:
            ways = (f"My tasks also {'include' if current else 'included'} having to {words}",)
            be = "is" if current else "was"
            ways = (
                (f"Another part of my work there {be} to {words}",)
                if number
                else (f"It {be} my job to {words}", f"My task there {be} to {words}")
            )
        return full_stop(self.turns.pick(f"deed{deed.form.name}{number > 0}", ways))

    def others(self, role: Role, number: int) -> str:
        names = joined([one.name for one in role.others], "and")
        also = "also " if number else ""
        return f"I {also}{'work' if role.current else 'worked'} with {names} there."

    def listed(self, names: Sequence[str], more: bool) -> str:
        said = joined(names, "and")
        also = "also " if more else ""
        return self.turns.pick(
            "listed", (f"My résumé {also}lists {said}.", f"You will {also}find {said} on my résumé.")
        )

    def studied(self, studied: Studied) -> str:
        of = f" in {studied.field}" if studied.field and " in " not in studied.degree else ""
        the = (
            "the "
            if studied.school.lower().startswith(("university of", "college of", "institute of", "school of"))
            else ""
        )
        by = f" from {the}{studied.school}" if studied.school else ""
        when = f", completed in {studied.year}" if studied.year else ""
        return full_stop(f"I hold {_article(studied.degree)}{of}{by}{when}")

    def spoken(self, spoken: Sequence[Spoken]) -> str:
        said = [capital(s.name) + (f" ({_LEVELS.get(s.level, s.level)})" if s.level else "") for s in spoken]
        return f"I speak {joined(said, 'and')}{', as your posting asks' if all(s.enough for s in spoken) else ''}."

    def held(self, held: Held) -> str:
        return f"As for the qualification you ask for, my résumé states: {held.name}."

    def wished(self, wished: Wished) -> list[str]:
        found = []
        if wished.interests:
            found.append(
                f"I am particularly interested in {joined(wished.interests, 'and')}, which your posting mentions."
            )
        mode = {WorkMode.REMOTE: "remote work", WorkMode.HYBRID: "hybrid work", WorkMode.ONSITE: "work on site"}
        if wished.mode and wished.place:
            found.append(f"I am looking for {mode[wished.mode]} in {wished.place}, which your position offers.")
        elif wished.mode or wished.place:
            what = mode[wished.mode] if wished.mode else f"work in {wished.place}"
            found.append(f"I am looking for {what}, which your position offers.")
        if wished.begin:
            found.append(f"I could start in {MONTHS[wished.begin.month - 1]} {wished.begin.year}.")
        return found

    def gap(self) -> str:
        return self.turns.pick(
            "gap",
            (
                "My résumé does not answer every point of your posting, and I would rather say so at the outset.",
                "I do not meet every point of your posting, and I am happy to talk about that openly.",
            ),
        )

    def closing(self, tone: Tone) -> str:
        ways = {
            Tone.PLAIN: (
                "I would be glad to tell you more in a conversation.",
                "I would welcome the chance to talk this through with you.",
            ),
            Tone.WARM: (
                "I would love to hear more about the work and to tell you about mine.",
                "I look forward to hearing from you and would be happy to meet.",
            ),
            Tone.FORMAL: (
                "I would welcome the opportunity to discuss my application with you.",
                "I am at your disposal for an interview and look forward to your reply.",
            ),
        }
        return self.turns.pick("closing", ways[tone])

    def farewell(self, tone: Tone) -> str:
        return {Tone.PLAIN: "Kind regards,", Tone.WARM: "Best wishes,", Tone.FORMAL: "Yours faithfully,"}[tone]


def _answered(role: Role, who: str, names: str) -> str:
    """What is asked for, and where it was done, in one sentence."""
    if role.current:
        have = "have" if len(role.shared) > 1 else "has"
        return f"You ask for {names}, which {have} featured in my work as {who} (since {_month(role.start)})."
    return f"You ask for {names}, which featured in my work as {who}{_period(role, ' ')}."


def _as(title: str) -> str:
    return title if _NO_ARTICLE.match(title) or (title.endswith("s") and not title.endswith("ss")) else _article(title)


def _article(name: str) -> str:
    return f"{'an' if _VOWEL.match(name) else 'a'} {name}"


def _at(role: Role) -> str:
    return f" at {role.employer}" if role.employer else ""


def _month(month: YearMonth | None) -> str:
    if month is None:
        return ""
    return f"{MONTHS[month.month - 1]} {month.year}" if month.month else str(month.year)


def _period(role: Role, before: str) -> str:
    """`from May 2010 to June 2012`, with what parts it from the words before; empty without dates."""
    if role.start is None or role.end is None:
        return ""
    if one_month(role.start, role.end):
        return f"{before}in {_month(role.end if role.start.year == role.end.year and role.end.month else role.start)}"
    return f"{before}from {_month(role.start)} to {_month(role.end)}"

"""German letters."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.letters.deed import Deed, Form
from services.ai.letters.phrases import Setting, Turns, capital, full_stop, joined, one_month
from services.ai.letters.plan import Held, Spoken, Studied, Wished
from services.ai.letters.records import Tone
from services.ai.letters.roles import Role
from services.ai.letters.spoken_names import spoken_name
from services.ai.matching import WorkMode
from services.ai.months import YearMonth

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_ARTICLES = {"f": "die ", "m": "der ", "n": "das ", "p": ""}
_ALL = {1: "das", 2: "beides"}


@dataclass(slots=True)
class German:
    """See Phrases. Names and skills stand where German does not decline them: in the nominative, the accusative, or after a number."""

    turns: Turns

    def salutation(self, tone: Tone) -> str:
        return {Tone.PLAIN: "Guten Tag,", Tone.WARM: "Guten Tag,", Tone.FORMAL: "Sehr geehrte Damen und Herren,"}[tone]

    def opening(self, title: str, employer: str, tone: Tone) -> str:
        at = f" bei {employer}" if employer else ""
        ways = {
            Tone.PLAIN: (
                f"ich bewerbe mich{at} um die Stelle „{title}“.",
                f"mit diesem Schreiben bewerbe ich mich{at} um die Stelle „{title}“.",
            ),
            Tone.WARM: (
                f"über Ihre Ausschreibung der Stelle „{title}“{at} habe ich mich gefreut, und ich bewerbe mich gern darauf.",
                f"Ihre Ausschreibung der Stelle „{title}“{at} hat mich neugierig gemacht, und ich bewerbe mich gern darauf.",
            ),
            Tone.FORMAL: (
                f"hiermit bewerbe ich mich{at} um die ausgeschriebene Stelle „{title}“.",
                f"auf die ausgeschriebene Stelle „{title}“{at} bewerbe ich mich hiermit.",
            ),
        }
        return full_stop(self.turns.pick("opening", ways[tone]))

    def latest(self, role: Role, same: bool) -> str:
        who = f"als {_title(role, same)}{_at(role)}"
        if role.current:
            return f"Derzeit arbeite ich {who}, und zwar seit {_month(role.start)}."
        return f"Zuletzt war ich{_period(role, ' ')} {who} tätig."

    def role(self, role: Role, setting: Setting) -> str:
        who = f"als {_title(role, setting.same)}{_at(role)}"
        if not role.shared:
            return self._bare(role, who, setting)
        names = joined([shared.name for shared in role.shared], "und")
        ways = [self._told(role, who, setting)]
        if all(shared.exact for shared in role.shared) and not setting.earlier:
            ways.insert(0, _answered(role, who, names))
        if setting.number and not role.current:
            ways.append(f"Auch aus meiner Zeit {who}{_bracketed(role)} kenne ich {names}.")
        return self.turns.pick(f"role{len(ways)}", ways) if setting.number else ways[0]

    def _told(self, role: Role, who: str, setting: Setting) -> str:
        tools = joined([s.name for s in role.shared if s.tool], "und")
        topics = joined([s.name for s in role.shared if not s.tool], "und")
        if role.current:
            did = f"dabei geht es um {topics}" if topics else f"dabei nutze ich {tools}"
            more = f", und ich nutze {tools}" if topics and tools else ""
            return f"Seit {_month(role.start)} arbeite ich {who}; {did}{more}."
        did = f"dabei ging es um {topics}" if topics else f"dabei nutzte ich {tools}"
        more = f", und ich nutzte {tools}" if topics and tools else ""
        return f"{_began(role, setting)} {who} tätig; {did}{more}."

    def _bare(self, role: Role, who: str, setting: Setting) -> str:
        if role.current:
            return f"Seit {_month(role.start)} arbeite ich {who}."
        return f"{_began(role, setting)} {who} tätig."

    def deed(self, deed: Deed, current: bool, number: int) -> str:
        words = deed.words
        if deed.form is Form.PAST:
            verb, _, rest = words.partition(" ")
            return full_stop(f"{'Außerdem' if number else 'Dort'} {verb} ich {rest}")
        many = deed.gender == "p"
        what = f"{_ARTICLES[deed.gender]}{words}"
        if number:
            come = ("kommen" if many else "kommt") if current else ("kamen" if many else "kam")
            return full_stop(f"Hinzu {come} {what}")
        belong = ("gehören" if many else "gehört") if current else ("gehörten" if many else "gehörte")
        return full_stop(
            self.turns.pick(
                "deed", (f"Zu meinen Aufgaben dort {belong} {what}", f"Zu meiner Arbeit dort {belong} {what}")
            )
        )

    def others(self, role: Role, number: int) -> str:
        tools, topics = (joined([s.name for s in role.others if s.tool is kind], "und") for kind in (True, False))
        also = "auch " if number else ""
        did = f"Dort {'geht' if role.current else 'ging'} es {also}um {topics}" if topics else ""
        use = "nutze ich" if role.current else "nutzte ich"
        if did and tools:
            return f"{did}; dabei {use} {tools}."
        return f"{did}." if did else f"Dort {use} {also}{tools}."

    def listed(self, names: Sequence[str], more: bool) -> str:
        said = joined(names, "und")
        return self.turns.pick(
            "listed",
            (
                f"{'Außerdem nennt mein' if more else 'Mein'} Lebenslauf{'' if more else ' nennt'} {said}.",
                f"In meinem Lebenslauf finden Sie {'außerdem ' if more else ''}{said}.",
            ),
        )

    def studied(self, studied: Studied) -> str:
        what = f"{studied.degree}, {studied.field}" if studied.field else studied.degree
        said = ", ".join(part for part in (studied.school, str(studied.year or "")) if part)
        return f"Ich habe den Abschluss „{what}“{f' ({said})' if said else ''}."

    def spoken(self, spoken: Sequence[Spoken]) -> str:
        said = [capital(spoken_name(s.name, "de")) + _level(s.level) for s in spoken]
        return f"Ich spreche {joined(said, 'und')}{', wie Sie es wünschen' if all(s.enough for s in spoken) else ''}."

    def held(self, held: Held) -> str:
        return f"Zu dem Nachweis, nach dem Sie fragen, steht in meinem Lebenslauf: „{held.name}“."

    def wished(self, wished: Wished) -> list[str]:
        found = []
        if wished.interests:
            said = joined([f"„{interest}“" for interest in wished.interests], "und")
            found.append(f"Besonders interessiert mich {said}; das nennt auch Ihre Ausschreibung.")
        mode = {WorkMode.REMOTE: "im Homeoffice", WorkMode.HYBRID: "hybrid", WorkMode.ONSITE: "vor Ort"}
        where = f" in {wished.place}" if wished.place else ""
        how = f" {mode[wished.mode]}" if wished.mode else ""
        if where or how:
            found.append(f"Ich möchte{where}{how} arbeiten, und das bietet Ihre Stelle.")
        if wished.begin:
            found.append(f"Beginnen könnte ich im {MONTHS[wished.begin.month - 1]} {wished.begin.year}.")
        return found

    def gap(self) -> str:
        return self.turns.pick(
            "gap",
            (
                "Nicht jeden Punkt Ihrer Ausschreibung deckt mein Lebenslauf ab; darüber spreche ich gern offen"
                " mit Ihnen.",
                "Ich erfülle nicht jeden Punkt Ihrer Ausschreibung und sage das lieber gleich zu Beginn.",
            ),
        )

    def closing(self, tone: Tone) -> str:
        ways = {
            Tone.PLAIN: ("Über ein Gespräch würde ich mich freuen.", "Gern erzähle ich Ihnen in einem Gespräch mehr."),
            Tone.WARM: (
                "Ich freue mich darauf, von Ihnen zu hören und mehr über die Aufgabe zu erfahren.",
                "Gern lerne ich Sie in einem Gespräch kennen.",
            ),
            Tone.FORMAL: (
                "Über die Einladung zu einem persönlichen Gespräch würde ich mich freuen.",
                "Für ein persönliches Gespräch stehe ich Ihnen gern zur Verfügung.",
            ),
        }
        return self.turns.pick("closing", ways[tone])

    def farewell(self, tone: Tone) -> str:
        return {Tone.PLAIN: "Freundliche Grüße", Tone.WARM: "Herzliche Grüße", Tone.FORMAL: "Mit freundlichen Grüßen"}[
            tone
        ]


def _answered(role: Role, who: str, names: str) -> str:
    everything = _ALL.get(len(role.shared), "all das")
    if role.current:
        return f"In Ihrer Ausschreibung nennen Sie {names}; {everything} gehört zu meiner Arbeit {who} (seit {_month(role.start)})."
    return (
        f"In Ihrer Ausschreibung nennen Sie {names}; {everything} kenne ich aus meiner Arbeit {who}{_bracketed(role)}."
    )


def _began(role: Role, setting: Setting) -> str:
    if setting.earlier:
        return f"Davor war ich{_period(role, ' ')}"
    return f"{capital(_period(role, ''))} war ich" if role.start and role.end else "Ich war"


def _title(role: Role, same: bool) -> str:
    return role.title if same else f"„{role.title}“"


def _at(role: Role) -> str:
    return f" bei {role.employer}" if role.employer else ""


def _level(level: str) -> str:
    return f" ({'Muttersprache' if level == 'NATIVE' else level})" if level else ""


def _month(month: YearMonth | None) -> str:
    if month is None:
        return ""
    return f"{MONTHS[month.month - 1]} {month.year}" if month.month else str(month.year)


def _period(role: Role, before: str) -> str:
    if role.start is None or role.end is None:
        return ""
    if one_month(role.start, role.end):
        month = role.end if role.start.year == role.end.year and role.end.month else role.start
        return f"{before}im {_month(month)}" if month.month else f"{before}im Jahr {month.year}"
    return f"{before}von {_month(role.start)} bis {_month(role.end)}"


def _bracketed(role: Role) -> str:
    period = _period(role, "")
    return f" ({period})" if period else ""

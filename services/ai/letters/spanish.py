"""Spanish letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.ai.letters.deed import Deed, Form
from services.ai.letters.phrases import Setting, Turns, capital, full_stop, one_month
from services.ai.letters.plan import Held, Spoken, Studied, Wished
from services.ai.letters.records import Tone
from services.ai.letters.roles import Role
from services.ai.letters.spoken_names import spoken_name
from services.ai.matching import WorkMode
from services.ai.months import YearMonth

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
# Before the sound of i, y becomes e.
_I = re.compile(r"(?i)^«?(?:i|hi(?![aeo])|y(?![aeiou]))")


@dataclass(slots=True)
class Spanish:
    """See Phrases. No word agrees with the gender of the person, which nobody asked for."""

    turns: Turns

    def salutation(self, tone: Tone) -> str:
        return {
            Tone.PLAIN: "Estimado equipo de selección:",
            Tone.WARM: "Hola:",
            Tone.FORMAL: "Estimados señores y señoras:",
        }[tone]

    def opening(self, title: str, employer: str, tone: Tone) -> str:
        at = f" en {employer}" if employer else ""
        ways = {
            Tone.PLAIN: (
                f"Les escribo para presentar mi candidatura al puesto «{title}»{at}.",
                f"Presento con esta carta mi candidatura al puesto «{title}»{at}.",
            ),
            Tone.WARM: (
                f"Me alegró leer su anuncio del puesto «{title}»{at}, y me gustaría presentar mi candidatura.",
                f"Su anuncio del puesto «{title}»{at} me llamó la atención, y me gustaría presentar mi candidatura.",
            ),
            Tone.FORMAL: (
                f"Me dirijo a ustedes para presentar mi candidatura al puesto «{title}»{at}.",
                f"Por la presente, deseo presentar mi candidatura al puesto «{title}»{at}.",
            ),
        }
        return self.turns.pick("opening", ways[tone])

    def latest(self, role: Role, same: bool) -> str:
        who = f"como {_title(role, same)}{_at(role)}"
        if role.current:
            return f"Actualmente trabajo {who}, desde {_month(role.start)}."
        return f"En mi último puesto trabajé {who}{_period(role, ', ')}."

    def role(self, role: Role, setting: Setting) -> str:
        who = f"como {_title(role, setting.same)}{_at(role)}"
        if not role.shared:
            return self._bare(role, who, setting)
        names = _joined([shared.name for shared in role.shared])
        ways = [self._told(role, who, setting)]
        if all(shared.exact for shared in role.shared) and not setting.earlier:
            ways.insert(0, _answered(role, who, names))
        if setting.number and not role.current:
            ways.append(f"También conozco {names} por mi trabajo {who}{_bracketed(role)}.")
        return self.turns.pick(f"role{len(ways)}", ways) if setting.number else ways[0]

    def _told(self, role: Role, who: str, setting: Setting) -> str:
        tools = _joined([s.name for s in role.shared if s.tool])
        topics = _joined([s.name for s in role.shared if not s.tool])
        if role.current:
            did = f"mi trabajo incluye {topics}" if topics else f"allí utilizo {tools}"
            more = f", y utilizo {tools}" if topics and tools else ""
            return f"Desde {_month(role.start)} trabajo {who}; {did}{more}."
        did = f"mi trabajo incluía {topics}" if topics else f"allí utilicé {tools}"
        more = f", y utilicé {tools}" if topics and tools else ""
        return f"{_began(role, setting)} {who}; {did}{more}."

    def _bare(self, role: Role, who: str, setting: Setting) -> str:
        if role.current:
            return f"Desde {_month(role.start)} trabajo {who}."
        return f"{_began(role, setting)} {who}."

    def deed(self, deed: Deed, current: bool, number: int) -> str:
        words = deed.words
        if deed.form is Form.PAST:
            return full_stop(f"También {words}" if number else f"Allí {words}")
        if deed.form is Form.NOUN:
            of = "del" if deed.gender == "m" else "de la"
            took = (
                ("Me ocupo también" if number else "Me encargo allí")
                if current
                else ("También me ocupé" if number else "Allí me encargué")
            )
            return full_stop(f"{took} {of} {words}")
        be = "es" if current else "era"
        return full_stop(f"También {'debo' if current else 'debía'} {words}" if number else f"Mi tarea {be} {words}")

    def others(self, role: Role, number: int) -> str:
        tools, topics = (_joined([s.name for s in role.others if s.tool is kind]) for kind in (True, False))
        also = " también" if number else ""
        did = f"mi trabajo allí {'incluye' if role.current else 'incluía'}{also} {topics}" if topics else ""
        used = f"{'utilizo' if role.current else 'utilicé'}{'' if topics else also} {tools}" if tools else ""
        return f"{capital(' y '.join(part for part in (did, used) if part))}."

    def listed(self, names: Sequence[str], more: bool) -> str:
        said = _joined(names)
        return self.turns.pick(
            "listed",
            (
                f"Mi currículum menciona {'además ' if more else ''}{said}.",
                f"En mi currículum encontrarán {'también ' if more else ''}{said}.",
            ),
        )

    def studied(self, studied: Studied) -> str:
        what = f"{studied.degree}, {studied.field}" if studied.field else studied.degree
        said = ", ".join(part for part in (studied.school, str(studied.year or "")) if part)
        return f"Tengo el título «{what}»{f' ({said})' if said else ''}."

    def spoken(self, spoken: Sequence[Spoken]) -> str:
        said = [spoken_name(s.name, "es") + _level(s.level) for s in spoken]
        return f"Hablo {_joined(said)}{', como pide su anuncio' if all(s.enough for s in spoken) else ''}."

    def held(self, held: Held) -> str:
        return f"En cuanto a la titulación que piden, mi currículum indica: «{held.name}»."

    def wished(self, wished: Wished) -> list[str]:
        found = []
        if wished.interests:
            said = _joined([f"«{interest}»" for interest in wished.interests])
            found.append(f"Me interesa en especial un tema que menciona su anuncio: {said}.")
        mode = {
            WorkMode.REMOTE: "a distancia",
            WorkMode.HYBRID: "en modalidad híbrida",
            WorkMode.ONSITE: "de forma presencial",
        }
        where = f" en {wished.place}" if wished.place else ""
        how = f" {mode[wished.mode]}" if wished.mode else ""
        if where or how:
            found.append(f"Busco trabajar{how}{where}, y su puesto lo ofrece.")
        if wished.begin:
            found.append(f"Podría empezar en {MONTHS[wished.begin.month - 1]} de {wished.begin.year}.")
        return found

    def gap(self) -> str:
        return self.turns.pick(
            "gap",
            (
                "Mi currículum no responde a todos los puntos de su anuncio, y prefiero decirlo desde el principio.",
                "No cumplo todos los puntos de su anuncio; con gusto lo hablaré abiertamente con ustedes.",
            ),
        )

    def closing(self, tone: Tone) -> str:
        ways = {
            Tone.PLAIN: (
                "Con gusto les contaré más en una entrevista.",
                "Quedo a su disposición para una entrevista.",
            ),
            Tone.WARM: (
                "Me encantaría conocerles y saber más sobre el puesto.",
                "Espero con ganas su respuesta y la oportunidad de conversar.",
            ),
            Tone.FORMAL: (
                "Quedo a su entera disposición para una entrevista.",
                "Agradezco de antemano su atención y quedo a la espera de su respuesta.",
            ),
        }
        return self.turns.pick("closing", ways[tone])

    def farewell(self, tone: Tone) -> str:
        return {Tone.PLAIN: "Un cordial saludo,", Tone.WARM: "Un afectuoso saludo,", Tone.FORMAL: "Atentamente,"}[tone]


def _joined(names: Sequence[str]) -> str:
    """`a, b y c`, `a e i`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {'e' if _I.match(names[-1]) else 'y'} {names[-1]}"


def _answered(role: Role, who: str, names: str) -> str:
    if role.current:
        return f"En su anuncio mencionan {names}: es algo que forma parte de mi trabajo {who} (desde {_month(role.start)})."
    return f"En su anuncio mencionan {names}: es algo que conozco por mi trabajo {who}{_bracketed(role)}."


def _began(role: Role, setting: Setting) -> str:
    if setting.earlier:
        return f"Antes{_period(role, ', ')}{',' if role.start and role.end else ''} trabajé"
    return f"{capital(_period(role, ''))} trabajé" if role.start and role.end else "Trabajé"


def _title(role: Role, same: bool) -> str:
    return role.title[:1].lower() + role.title[1:] if same and role.title[1:2].islower() else f"«{role.title}»"


def _at(role: Role) -> str:
    return f" en {role.employer}" if role.employer else ""


def _level(level: str) -> str:
    return f" ({'lengua materna' if level == 'NATIVE' else level})" if level else ""


def _month(month: YearMonth | None) -> str:
    if month is None:
        return ""
    return f"{MONTHS[month.month - 1]} de {month.year}" if month.month else str(month.year)


def _period(role: Role, before: str) -> str:
    if role.start is None or role.end is None:
        return ""
    if one_month(role.start, role.end):
        return f"{before}en {_month(role.end if role.start.year == role.end.year and role.end.month else role.start)}"
    return f"{before}de {_month(role.start)} a {_month(role.end)}"


def _bracketed(role: Role) -> str:
    period = _period(role, "")
    return f" ({period})" if period else ""

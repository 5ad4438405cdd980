"""French letters."""

import re
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
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_VOWEL = re.compile(r"[aeiouyàâäéèêëîïôöùûühœ]", re.IGNORECASE)


@dataclass(slots=True)
class French:
    """See Phrases. No word agrees with the gender of the person, which nobody asked for."""

    turns: Turns

    def salutation(self, tone: Tone) -> str:
        return {Tone.PLAIN: "Madame, Monsieur,", Tone.WARM: "Bonjour,", Tone.FORMAL: "Madame, Monsieur,"}[tone]

    def opening(self, title: str, employer: str, tone: Tone) -> str:
        at = f" chez {employer}" if employer else ""
        ways = {
            Tone.PLAIN: (
                f"Je vous adresse ma candidature au poste « {title} »{at}.",
                f"Je vous écris pour vous proposer ma candidature au poste « {title} »{at}.",
            ),
            Tone.WARM: (
                f"C’est avec plaisir que j’ai lu votre annonce pour le poste « {title} »{at}, et je vous adresse ma candidature.",
                f"Votre annonce pour le poste « {title} »{at} m’a donné envie de vous écrire et de proposer ma candidature.",
            ),
            Tone.FORMAL: (
                f"J’ai l’honneur de vous adresser ma candidature au poste « {title} »{at}.",
                f"Par la présente, je vous adresse ma candidature au poste « {title} »{at}.",
            ),
        }
        return self.turns.pick("opening", ways[tone])

    def latest(self, role: Role, same: bool) -> str:
        who = f"comme {_title(role, same)}{_at(role)}"
        if role.current:
            return f"Je travaille actuellement {who}, depuis {_month(role.start)}."
        return f"Mon dernier poste m’a fait travailler {who}{_period(role, ', ')}."

    def role(self, role: Role, setting: Setting) -> str:
        who = f"comme {_title(role, setting.same)}{_at(role)}"
        if not role.shared:
            return self._bare(role, who, setting)
        names = joined([shared.name for shared in role.shared], "et")
        ways = [self._told(role, who, setting)]
        if all(shared.exact for shared in role.shared) and not setting.earlier:
            ways.insert(0, _answered(role, who, names))
        if setting.number and not role.current:
            ways.append(f"Je connais aussi {names} par mon travail {who}{_bracketed(role)}.")
        return self.turns.pick(f"role{len(ways)}", ways) if setting.number else ways[0]

    def _told(self, role: Role, who: str, setting: Setting) -> str:
        tools = joined([s.name for s in role.shared if s.tool], "et")
        topics = joined([s.name for s in role.shared if not s.tool], "et")
        if role.current:
            did = f"mon travail comprend {topics}" if topics else f"j’y utilise {tools}"
            more = f", et j’utilise {tools}" if topics and tools else ""
            return f"Depuis {_month(role.start)}, je travaille {who} ; {did}{more}."
        did = f"mon travail comprenait {topics}" if topics else f"j’y utilisais {tools}"
        more = f", et j’utilisais {tools}" if topics and tools else ""
        return f"{_began(role, setting)} {who} ; {did}{more}."

    def _bare(self, role: Role, who: str, setting: Setting) -> str:
        if role.current:
            return f"Depuis {_month(role.start)}, je travaille {who}."
        return f"{_began(role, setting)} {who}."

    def deed(self, deed: Deed, current: bool, number: int) -> str:
        words = deed.words
        if deed.form is Form.PAST:
            return full_stop(f"J’ai aussi {words}" if number else f"J’y ai {words}")
        if deed.form is Form.NOUN:
            what = f"{'l’' if _VOWEL.match(words) else 'la ' if deed.gender == 'f' else 'le '}{words}"
            if number:
                return full_stop(f"S’y {'ajoute' if current else 'ajoutait'} {what}")
            return full_stop(f"{'J’y assure' if current else 'J’y ai assuré'} {what}")
        of = f"d’{words}" if _VOWEL.match(words) else f"de {words}"
        begins = "Il s’agit" if current else "Il s’agissait"
        return full_stop(f"{begins} {'aussi' if number else 'notamment'} {of}")

    def others(self, role: Role, number: int) -> str:
        tools, topics = (joined([s.name for s in role.others if s.tool is kind], "et") for kind in (True, False))
        also = " aussi" if number else ""
        did = f"mon travail y {'comprend' if role.current else 'comprenait'}{also} {topics}" if topics else ""
        used = f"j’{'utilise' if role.current else 'ai utilisé'}{'' if topics else also} {tools}" if tools else ""
        return f"{capital(', et '.join(part for part in (did, used) if part))}."

    def listed(self, names: Sequence[str], more: bool) -> str:
        said = joined(names, "et")
        return self.turns.pick(
            "listed",
            (
                f"Mon CV mentionne {'également ' if more else ''}{said}.",
                f"Vous trouverez {'aussi ' if more else ''}dans mon CV {said}.",
            ),
        )

    def studied(self, studied: Studied) -> str:
        what = f"{studied.degree}, {studied.field}" if studied.field else studied.degree
        said = ", ".join(part for part in (studied.school, str(studied.year or "")) if part)
        return f"J’ai obtenu le diplôme « {what} »{f' ({said})' if said else ''}."

    def spoken(self, spoken: Sequence[Spoken]) -> str:
        said = [spoken_name(s.name, "fr") + _level(s.level) for s in spoken]
        return f"Je parle {joined(said, 'et')}{', comme le demande votre annonce' if all(s.enough for s in spoken) else ''}."

    def held(self, held: Held) -> str:
        return f"Quant à la qualification que vous demandez, mon CV indique : « {held.name} »."

    def wished(self, wished: Wished) -> list[str]:
        found = []
        if wished.interests:
            said = joined([f"« {interest} »" for interest in wished.interests], "et")
            found.append(f"Un sujet m’intéresse particulièrement, que mentionne votre annonce : {said}.")
        mode = {WorkMode.REMOTE: "à distance", WorkMode.HYBRID: "en mode hybride", WorkMode.ONSITE: "sur place"}
        where = f" à {wished.place}" if wished.place else ""
        how = f" {mode[wished.mode]}" if wished.mode else ""
        if where or how:
            found.append(f"Je souhaite travailler{how}{where}, ce que propose votre poste.")
        if wished.begin:
            found.append(f"Je pourrais commencer en {MONTHS[wished.begin.month - 1]} {wished.begin.year}.")
        return found

    def gap(self) -> str:
        return self.turns.pick(
            "gap",
            (
                "Mon parcours ne répond pas à chaque point de votre annonce, et je préfère le dire d’emblée.",
                "Je ne réponds pas à tous les points de votre annonce ; j’en parlerai volontiers avec vous.",
            ),
        )

    def closing(self, tone: Tone) -> str:
        ways = {
            Tone.PLAIN: (
                "Je vous en dirai volontiers davantage lors d’un entretien.",
                "Je me tiens à votre disposition pour un entretien.",
            ),
            Tone.WARM: (
                "J’aurais plaisir à échanger avec vous et à en apprendre davantage sur ce poste.",
                "Au plaisir de vous lire et de vous rencontrer.",
            ),
            Tone.FORMAL: (
                "Je vous prie d’agréer, Madame, Monsieur, l’expression de mes salutations distinguées.",
                "Dans l’attente de votre réponse, je vous prie d’agréer, Madame, Monsieur, mes salutations"
                " distinguées.",
            ),
        }
        return self.turns.pick("closing", ways[tone])

    def farewell(self, tone: Tone) -> str:
        return {Tone.PLAIN: "Cordialement,", Tone.WARM: "Bien cordialement,", Tone.FORMAL: ""}[tone]


def _answered(role: Role, who: str, names: str) -> str:
    if role.current:
        return f"Votre annonce mentionne {names} : c’est ce que je pratique {who} (depuis {_month(role.start)})."
    return f"Votre annonce mentionne {names} : c’est ce que j’ai pratiqué {who}{_period(role, ', ')}."


def _began(role: Role, setting: Setting) -> str:
    if setting.earlier:
        return f"Auparavant{_period(role, ', ')}, j’ai travaillé"
    return f"{capital(_period(role, ''))}, j’ai travaillé" if role.start and role.end else "J’ai travaillé"


def _title(role: Role, same: bool) -> str:
    return role.title[:1].lower() + role.title[1:] if same and role.title[1:2].islower() else f"« {role.title} »"


def _at(role: Role) -> str:
    return f" chez {role.employer}" if role.employer else ""


def _level(level: str) -> str:
    return f" ({'langue maternelle' if level == 'NATIVE' else level})" if level else ""


def _month(month: YearMonth | None) -> str:
    if month is None:
        return ""
    return f"{MONTHS[month.month - 1]} {month.year}" if month.month else str(month.year)


def _period(role: Role, before: str) -> str:
    if role.start is None or role.end is None:
        return ""
    if one_month(role.start, role.end):
        return f"{before}en {_month(role.end if role.start.year == role.end.year and role.end.month else role.start)}"
    start = _month(role.start)
    return f"{before}{'d’' if _VOWEL.match(start) else 'de '}{start} à {_month(role.end)}"


def _bracketed(role: Role) -> str:
    period = _period(role, "")
    return f" ({period})" if period else ""

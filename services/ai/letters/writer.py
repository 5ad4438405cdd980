"""The writer that needs no model: plans a letter and says it in one of four languages. Same input, same bytes, in every process."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

from services.ai.letters.english import English
from services.ai.letters.french import French
from services.ai.letters.german import German
from services.ai.letters.phrases import Phrases, Setting, Turns, full_stop
from services.ai.letters.plan import DEEDS, Plan, plan
from services.ai.letters.records import Length, Options, Sentence, Sources
from services.ai.letters.roles import Role, Told, is_linked
from services.ai.letters.skills import Tongue
from services.ai.letters.spanish import Spanish
from services.ai.letters.text_language import language_of
from services.ai.letters.wording import tidy, vacancy_title
from services.ai.skills import Ontology
from services.ai.spans import Span, span_of

# A deed that says less for the position is not told, unless nothing else is.
LEAST_DEED, LEAST_FIRST_DEED = 1.0, 0.6


class DefaultWriter:
    """Holds no state of any letter; may be used by several threads."""

    def __init__(self, ontology: Ontology) -> None:
        self._skills = ontology.skills

    def write(self, sources: Sources, options: Options) -> Iterator[Sentence]:
        """See Writer."""
        tongue = self._tongue(sources, options)
        seed = blake2b(digest_size=8)
        for text in (sources.resume_text, sources.vacancy.title, sources.vacancy.text, options.language):
            seed.update(text.encode("utf-8", "surrogatepass") + b"\0")
        phrases = _phrases(options.language, Turns(seed.hexdigest()))
        yield from _Draft(sources, options, tongue, phrases).sentences(plan(sources, options, tongue))

    def _tongue(self, sources: Sources, options: Options) -> Tongue:
        text = sources.resume_text
        named = frozenset((span.start, span.end) for use in sources.resume.skills for span in use.spans)
        return Tongue(options.language, language_of(text), self._is_technology, text, named)

    def _is_technology(self, skill_id: str) -> bool:
        return skill_id in self._skills and self._skills[skill_id].technology


def _phrases(language: str, turns: Turns) -> Phrases:
    if language == "en":
        return English(turns)
    if language == "de":
        return German(turns)
    return French(turns) if language == "fr" else Spanish(turns)


class _Draft:
    """One letter on its way; counts paragraphs."""

    def __init__(self, sources: Sources, options: Options, tongue: Tongue, phrases: Phrases) -> None:
        self._sources, self._options, self._tongue, self._phrases = sources, options, tongue, phrases
        self._paragraph = 0

    def sentences(self, planned: Plan) -> Iterator[Sentence]:
        tone = self._options.tone
        yield from self._part([Sentence(self._phrases.salutation(tone))])
        yield from self._part(self._opening(planned))
        before: Role | None = None
        for number, role in enumerate(planned.roles):
            yield from self._part(self._role(role, number, before))
            before = role
        yield from self._part(self._qualifications(planned))
        yield from self._part(self._close(planned))
        yield from self._part([Sentence(text) for text in (self._phrases.farewell(tone),) if text])
        yield from self._part(self._signature())

    def _part(self, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
        for one in sentences:
            yield Sentence(
                full_stop(one.text) if one.text.endswith("..") else one.text,
                self._paragraph,
                _sorted(one.resume_spans),
                _sorted(one.position_spans),
            )
        self._paragraph += bool(sentences)

    def _opening(self, planned: Plan) -> list[Sentence]:
        vacancy = self._sources.vacancy
        title, employer = vacancy_title(vacancy.title), tidy(vacancy.employer)
        text = self._phrases.opening(title, employer, self._options.tone)
        spans = (*_found(vacancy.title, vacancy.text), *_found(vacancy.employer, vacancy.text))
        found = [Sentence(text, 0, (), spans)]
        if planned.latest:
            found.append(Sentence(self._phrases.latest(planned.latest, self._tongue.same), 0, planned.latest.at))
            found += self._others(planned.latest)
        return found

    def _role(self, role: Role, number: int, before: Role | None) -> list[Sentence]:
        earlier = before is not None and 0 < role.order[0] <= before.order[1] + 1
        setting = Setting(number, earlier, self._tongue.same)
        spans = (*role.at, *(shared.use for shared in role.shared))
        asked = tuple(shared.asked for shared in role.shared if shared.asked)
        found = [Sentence(self._phrases.role(role, setting), 0, spans, asked)]
        found += self._others(role)
        for place, told in enumerate(_worth(role, DEEDS[self._options.length] - (number > 1))):
            text = self._phrases.deed(told.deed, role.current, place)
            found.append(Sentence(text, 0, (told.deed.span,), told.asked))
        return found

    def _others(self, role: Role) -> list[Sentence]:
        """What a role shows besides, where its own lines are in another language."""
        if not role.others or (role.shared and self._options.length is Length.SHORT):
            return []
        text = self._phrases.others(role, len(role.shared))
        return [Sentence(text, 0, tuple(shared.use for shared in role.others))]

    def _qualifications(self, planned: Plan) -> list[Sentence]:
        found = []
        if planned.listed:
            text = self._phrases.listed([shared.name for shared in planned.listed], bool(planned.roles))
            asked = tuple(s.asked for s in planned.listed if s.asked)
            found.append(Sentence(text, 0, tuple(s.use for s in planned.listed), asked))
        if planned.studied:
            text = self._phrases.studied(planned.studied)
            found.append(Sentence(text, 0, planned.studied.at, planned.studied.asked))
        found += [
            Sentence(self._phrases.held(held), 0, (held.at,), (held.asked,) if held.asked else ())
            for held in planned.held
        ]
        if planned.spoken:
            asked = tuple(s.asked for s in planned.spoken if s.asked)
            found.append(Sentence(self._phrases.spoken(planned.spoken), 0, tuple(s.at for s in planned.spoken), asked))
        return found

    def _close(self, planned: Plan) -> list[Sentence]:
        texts = self._phrases.wished(planned.wished)
        if planned.gap:
            texts.append(self._phrases.gap())
        texts.append(self._phrases.closing(self._options.tone))
        return [Sentence(text) for text in texts]

    def _signature(self) -> list[Sentence]:
        name = self._sources.signature
        known = self._sources.resume.contact.name
        same = known is not None and known.text.casefold() == name.casefold()
        return [Sentence(name, 0, (known.span,) if known and same else ())] if name else []


def _worth(role: Role, most: int) -> list[Told]:
    """The deeds that say something for the position, no two alike."""
    found: list[Told] = []
    for told in role.deeds:
        least = LEAST_DEED if found else LEAST_FIRST_DEED if is_linked(role) else 0
        if len(found) < most and told.score >= least and not any(_alike(told, other) for other in found):
            found.append(told)
    return found


def _alike(one: Told, other: Told) -> bool:
    a, b = set(one.deed.words.lower().split()), set(other.deed.words.lower().split())
    return len(a & b) > 0.5 * min(len(a), len(b))


def _sorted(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(sorted(dict.fromkeys(spans)))


def _found(name: str, text: str) -> tuple[Span, ...]:
    """Where the text names it first."""
    at = text.casefold().find(name.strip().casefold()) if name.strip() else -1
    return (span_of(text, at, at + len(name.strip())),) if at >= 0 else ()

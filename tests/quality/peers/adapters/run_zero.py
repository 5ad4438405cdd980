"""zero-resume-parser 0.1.0. It has no names, employers or schools."""

from adapter import Answer, main, some
from zero_resume_parser.parser import parse_resume


def parse(path: str) -> Answer:
    found = parse_resume(path)
    links = found["links"] or {}
    return {
        "emails": _listed(found["email"]),
        "phones": _listed(found["phone"]),
        "links": some(links.get("linkedin"), links.get("github"), *links.get("other", [])),
        "work": [{"title": job["role"], "start": job["duration"] or ""} for job in found["experience"] or []],
        "skills": some(*(found["skills"] or [])),
    }


def _listed(value: object) -> list[str]:
    return some(*value) if isinstance(value, list) else some(value)


if __name__ == "__main__":
    main(parse)

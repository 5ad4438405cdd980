"""openresume-parser 0.1.6, its rules without a language model. It answers one course of study, without its school."""

from adapter import Answer, main, some
from openresume import parse_resume_from_pdf


def parse(path: str) -> Answer:
    answer = parse_resume_from_pdf(path)
    if not answer["ok"]:
        return {"error": answer["error"]["message"]}
    resume = answer["resume"]
    place = ", ".join(some(resume["location"]["city"], resume["location"]["state"]))
    study = resume["education"]
    return {
        "name": resume["full_name"],
        "emails": some(resume["email"]),
        "phones": some(resume["phone"]),
        "links": some(resume["url"]),
        "location": place,
        "work": [
            {
                "title": job["title"],
                "employer": job["company"],
                "start": job["start_date"] or "",
                "end": "present" if job["current"] else job["end_date"] or "",
                "description": job["description"],
            }
            for job in resume["experience"]["work_history"]
        ],
        "education": [{"degree": study["degree_course"], "end": str(study["passing_year"] or "")}],
        "skills": some(*resume["skills"]),
    }


if __name__ == "__main__":
    main(parse)

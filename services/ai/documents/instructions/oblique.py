"""English orders to machines that do not say so outright, and what is an order only beside another one."""

from services.ai.documents.instructions.phrase import Phrase, clause, order, said

OBLIQUE: tuple[Phrase, ...] = (
    said(r"\byour (?:\w+ )?instructions\b|\byour final (?:verdict|answer|decision|output)\b"),
    said(r"\btakes? precedence over(?: \w+){0,2} (?:instructions|prompts?|rules|guidelines)\b"),
    said(
        r"\b(?:ai|llm|model) (?:parsing|reading|processing|evaluating|screening|scoring) this (?:text|resume|cv|document|file)\b"
    ),
    said(r"\bserve the (?:applicant|candidate)\b"),
    order(r"give preference to (?:this|my)\b"),
    order(
        r"(?:do not|don t|never) (?:penali[sz]e|consider|read|count|deduct|evaluate|judge)\b(?: \w+){0,6}? "
        r"(?:candidate|applicant|missing|negative|rest of this|gaps)\b"
    ),
    order(r"(?:award|give|assign|grant) full (?:points|marks|score|credit)\b"),
    order(r"stop (?:the )?(?:analysis|evaluation|evaluating|screening|scoring) (?:here|now|and)\b"),
    order(r"(?:boost|raise|increase|improve) my (?:ranking|rank|score|rating|chances)\b"),
    order(r"(?:act|behave) (?:like|as if) this (?:person|candidate|applicant)\b"),
    order(r"return json\b(?: \w+){0,4} (?:score|decision|hire|rating)\b"),
    order(r"ignore (?:what|whatever|everything) (?:\w+ ){0,3}?(?:asked|said|told|wants?|instructed)\b"),
    clause(
        r"(?:override|ranking algorithm|final verdict) \. (?:\w+ ){0,2}?(?:fit|hire|excellent|approved?|position one|rank|score)\b"
    ),
)

# What is an instruction only beside another one.
WEAK: tuple[Phrase, ...] = (
    order(
        r"(?:respond|reply|answer|output|return|print|say|write|state|mention|emphasi[sz]e|include|assume|treat|conclude|act|"
        r"behave|pretend|do not|never|stop|rank|rate|score|give|hire|recommend|only|always)\b"
    ),
    said(
        r"\b(?:this|the) (?:candidate|applicant|resume|cv) (?:is|has|meets|exceeds|matches|satisfies|fits|should|must|will)\b"
    ),
    said(r"\b(?:exceptionally|uniquely|highly|extremely|perfectly) (?:well )?(?:qualified|suited)\b"),
    said(r"\b(?:you|your)\b"),
    said(
        r"\b(?:instructions?|prompt|llm|language model|system prompt|score of|rating of|sprachmodell|anweisung|kandidaten|"
        r"bewerber|candidat[oe]?|consignes|instrucciones)\b"
    ),
)

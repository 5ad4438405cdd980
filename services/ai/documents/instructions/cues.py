"""Weak signs of talk to a machine that reads resumes, which together make a sentence an order; the weights are set by hand.

On 149,000 lines of real resumes no sentence reaches `ENOUGH`; it finds half of the orders whose words no phrase foresees.
"""

import re

ENOUGH = 4.0
# Longer passages gather signs by chance.
MOST_LETTERS = 180

CUES = tuple(
    (weight, re.compile(pattern))
    for weight, pattern in (
        # What is to be judged is this one.
        (
            2.0,
            r"\b(?:this|dies(?:er|e|en|em)|ce|cet|cette|este|esta) (?:\w+ )?(?:candidat\w*|applicant|resume|cv|curriculum|profile?|"
            r"application|bewerb\w*|kandidat\w*|lebenslauf|perfil|solicitante|postulant)\b",
        ),
        (1.0, r"\b(?:candidates?|applicants?|kandidat\w*|bewerber\w*|candidat[eo]?|candidata)\b"),
        # Somebody is spoken to, a machine at best.
        (
            1.5,
            r"(?:^|\. )(?:\w+ )?(?:ai|llms?|gpt|chatgpt|ki|ia|ats|language model|sprachmodell|model|summari[sz]er|screener|parser|bot|"
            r"evaluator|reviewer)\b",
        ),
        (1.0, r"\b(?:ai|llms?|gpt|chatgpt|language models?|ki|ia|sprachmodell)\b"),
        (1.0, r"\b(?:you|your|du|tu|vous|usted)\b"),
        (1.0, r"\b(?:please|bitte|veuillez|por favor|i command|tell|say|respond|return|output|treat)\b"),
        (1.0, r"\b(?:must|should|always|never|only|obligated|crucial|important|is to be|are to be|has to|needs to|muss|soll|doit|debe)\b"),
        # A judgement is asked for.
        (1.0, r"\b(?:scor(?:e|ing)|rating|rank(?:ed|ing)?|marks|10|100|punkte|punktzahl|note|puntuacion|points)\b"),
        (
            1.0,
            r"\b(?:hire|recommend(?:ed)?|select|shortlist(?:ed)?|pass|pick|approved?|accept|prefer|label|choose|empfehlen|einstellen|"
            r"recommander|recomienda|selecciona)\b",
        ),
        (1.0, r"\b(?:top|best|strongest|perfect|first|full|highest|maximum|max|beste\w*|meilleure?|mejor|premier|primero|positive|only)\b"),
        # Other orders are taken back.
        (
            1.5,
            r"\b(?:ignore|disregard|forget|override|bypass|discard(?:ed)?|ignoriere|vergiss|ignorer|ignorez|oublie|ignora|olvida)\b",
        ),
        (
            1.0,
            r"\b(?:instructions?|prompt|rubric|system message|guidelines|objective|criteria|requirements|"
            r"anweisungen|consignes|instrucciones)\b",
        ),
        (
            1.0,
            r"\b(?:previous|prior|above|earlier) (?:\w+ )?(?:instructions?|prompts?|context|rules|messages?|guidelines|orders)\b"
            r"|\b(?:instructions|consignes|instrucciones) (?:precedentes|anteriores|ci dessus|d avant)\b|\blo anterior\b|\bci dessus\b",
        ),
    )
)  # fmt: skip


def weight(form: str) -> float:
    """How much of a sentence in `disguises.words` speaks for an order to a machine."""
    return sum(weight for weight, pattern in CUES if pattern.search(form))

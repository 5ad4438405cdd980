"""What a line that gives orders to a machine has in it."""

import re

from services.ai.documents.instructions.abroad import FRENCH, GERMAN, SPANISH
from services.ai.documents.instructions.english import ENGLISH
from services.ai.documents.instructions.oblique import OBLIQUE, WEAK

# Marks of chat templates, in the text itself.
MARKS = re.compile(
    r"<\|?/?\s*(?:im_start|im_end|system|user|assistant|endoftext|begin_of_text|end_of_text|start_header_id|eot_id|"
    r"instructions?|prompt)\s*\|?>"
    r"|<<\s*/?SYS\s*>>|\[/?INST\]|\[/?SYSTEM\]|\[system\]\s*\(|#{2,}\s*(?:system|instructions?|new instructions?|"
    r"assistant|system prompt|human|user)\s*:"
    r"|\{\{\s*(?:system|#system|prompt)\b|</?(?:system_prompt|instructions?|system-prompt|untrusted|user_input|admin|override)>"
    r"|^\s*(?:assistant|system|human|user)\s*:\s*(?:you|ignore|disregard|please|rank|rate|give|hire|this candidate|"
    r"forget|i (?:will|would|recommend))\b",
    re.IGNORECASE,
)
STRONG = ENGLISH + OBLIQUE + GERMAN + FRENCH + SPANISH
# Without any of these words nothing strong is said.
HINT = re.compile(
    r"preference|precedence|boost|json|stop\b|full\b|ranking|ignor|instructions|guidelines|supersede|\bats\b|parser|score|rating|prioriti|promote|recommend|approve|accept|"
    r"automatic|qualified|output|response|"
    r"anweisungen|vorgaben|instrucciones|indicaciones|ordenes|disregard|forget|overrid|overrul|bypass|overlook|"
    r"discard|neglect|cancel|drop|skip|omit|abandon|supersede|void|erase|delete|follow|obey|apply|comply"
    r"|listen|adhere|disable|suspend|turn off|\byou\b|\byour\b|\bai\b|llm|gpt|language model|bot\b|prompt|override|"
    r"\bmode\b|\binstruction|directive|\bthis\b|\bmy\b|\bme\b"
    r"|candidate|applicant|resume|\bcv\b|reveal|mention|pretend|assume|execute|vergiss|vergessen|missacht|uberschreib|"
    r"verwirf|verwerf|umgeh|ubergeh|\bki\b|sprachmodell|\bdu\b|\bsie\b"
    r"|dein|dies|anweisung|bewert|gib\b|vergib|antworte|oubli|contourn|negli|annul|ecart|outrepass|remplac|desobe|"
    r"\btu\b|vous|\bne\b|\bia\b|\bce\b|cette|cet\b|consigne|votre|\bta\b"
    r"|repond|olvid|descart|desestim|omit|caso omiso|\beres\b|usted|este\b|esta\b|respond|nota\b|mensaje|menciones|"
    r"reveles|por alto|sobrescrib|attention|dear\b|\bhey\b|hinweis|nachricht"
)
_ALL = r"(?:all|any|the|your|of|these|every|my|alle|die|deine|bisherigen|toutes?|les|tes|vos|todas?|las|tus)*"
GLUED = re.compile(
    rf"(?:ignore|disregard|forget|override|bypass)(?:previous|prior|above|earlier|existing|{_ALL})+(?:instructions?|"
    r"prompts?|rules|commands|directives|guidelines|criteria)"
    rf"|(?:ignore|disregard|forget)(?:everything|all)(?:above|before|previous|prior)"
    r"|(?:ignoriere|vergiss)(?:alle|die|deine|bisherigen|vorherigen|obigen|samtliche|fruheren)+(?:anweisungen|"
    r"instruktionen|befehle|regeln)"
    r"|(?:ignore[rz]?|oublie[rz]?)(?:toutes?|les|tes|vos|precedentes)+(?:instructions|consignes|directives)"
    r"|(?:ignora|olvida)(?:todas?|las|tus|anteriores)+(?:instrucciones|ordenes|reglas|indicaciones)"
    r"|youare(?:now)?(?:an?|the)?(?:ai|llm|languagemodel|assistant|chatbot|helpfulassistant)|systemprompt(?:override|"
    r"you|ignore)|systemoverride"
    r"|(?:rank|rate|score|hire|give|recommend|select|shortlist)(?:this|my|me)(?:candidate|applicant|resume|cv|first|the|as|at)"
    r"|(?:highest|maximum|perfect)(?:possible)?(?:score|rating)(?:to|for)?(?:this)(?:candidate|applicant|resume)"
    r"|newinstructions?(?:rank|rate|ignore|hire|give)"
)

__all__ = ["GLUED", "HINT", "MARKS", "STRONG", "WEAK"]

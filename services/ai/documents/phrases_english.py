"""How people talk to machines that read resumes, in English.

People who work with machines and with applicants write about all of this ("ranked applicants", "prompts for language models"), so each
pattern wants an order given: the verb opens a clause, or follows "please" or "you must", and what is to be ranked is this very
candidate or resume.
"""

from services.ai.documents.phrase import Phrase, clause, order, said

_FEW = r"(?: \w+){0,4}?"
_SOME = r"(?: \w+){0,8}?"
_MACHINE = (
    r"(?:ai|a i|llms?|ais|gpt(?: \d\w*)?|chatgpt|claude|gemini|copilot|bard|(?:large |ai )?language models?|chat ?bots?|"
    r"bots?|artificial intelligence|ats|machine|algorithm|automated \w+|neural network|resume (?:parser|screener|scanner|"
    r"reader)s?|parser|screener|screening (?:system|software|tool|model|bot|ai)|scoring (?:system|model)|"
    r"ai (?:\w+ ){0,2}?(?:assistant|model|system|agent|recruiter|reviewer|screener|evaluator|tool)s?|(?:virtual |"
    r"helpful )?assistant|summarizer|model|agent)"
)
_THIS = (
    r"(?:this|my|the (?:following|above|current|present)|said|that) (?:\w+ ){0,2}?(?:candidate|applicant|resume|cv|"
    r"curriculum vitae|application|profile|person|individual|document|submission|candidacy|candidates)|me\b"
)
_BEST = (
    r"(?:first|top|highest|best|perfect|perfectly|maximum|max|full|excellent|outstanding|exceptional|exceptionally|strong|"
    r"strongly|strongest|ideal|10|100|1st|number one|no 1|one hundred|ten out|five stars?|5 stars?|above all|ahead of|"
    r"qualified|hired?|hire|shortlist(?:ed)?|interview|recommended|approved|accepted|match|fit|great|positive|positively|"
    r"favou?rably|superior|unmatched|next (?:round|stage|step)|priority|suitable|pass)"
)
_ORDER = (
    r"(?:rank|rate|score|give|assign|award|grant|mark|classify|recommend|prioriti[sz]e|select|shortlist|place|put|list|hire|"
    r"approve|accept|advance|evaluate|treat|consider|label|grade|choose|promote|return|output|respond|say|answer|print|"
    r"reply|report|conclude|declare|move|describe|flag|pass|boost|increase|raise|set|assess|judge|summari[sz]e|present|pick|"
    r"favou?r|invite|forward|tell|state|write|make|ensure|add|upgrade)"
)
_ORDERS_NOUN = (
    r"(?:instructions?|prompts?|directives?|directions?|commands?|rules?|guidelines?|context|criteria|constraints?|orders?|"
    r"programming|training|messages?|requirements?|restrictions?|input|policies|guardrails|conversation|tasks?|scoring)"
)
_EARLIER = (
    r"(?:previous(?:ly)?|prior|above|earlier|preceding|existing|former|initial|original|foregoing|past|system|your|all|any|"
    r"every|given|other|hiring|default|current|these|those)"
)
_MEASURE = r"(?:scores?|ratings?|ranks?|rankings?|marks?|grades?|points?|evaluation|assessment|recommendation|stars?|fit|match)"

ENGLISH: tuple[Phrase, ...] = (
    order(
        r"(?:ignore|disregard|forget|override|overrule|bypass|overlook|discard|neglect|cancel|drop|skip|omit|abandon|supersede|"
        rf"void|erase|delete)(?: \w+){{0,3}}? {_EARLIER}(?: \w+){{0,3}}? {_ORDERS_NOUN}\b"
    ),
    order(
        r"(?:ignore|disregard|forget|overlook|discard|erase|delete) (?:everything|anything|all|whatever|what) "
        r"(?:\w+ ){0,4}?(?:above|before|previous|previously|earlier|prior|so far|told|said|instructed|learned|else|know|read|"
        r"up to)\b"
    ),
    order(
        r"(?:do not|dont|don t|never|stop) (?:follow|obey|use|apply|comply with|following|obeying|listen to|"
        rf"adhere to)(?: \w+){{0,3}}? (?:previous|prior|above|earlier|your|original|initial|system)(?: \w+){{0,2}}? "
        rf"{_ORDERS_NOUN}\b"
    ),
    order(
        r"(?:ignore|disregard|skip|bypass|disable|turn off|suspend) (?:all|any|your|every|further|other) "
        r"(?:\w+ ){0,3}?(?:filters?|screening|checks?|criteria|evaluations?|safety|guardrails?|restrictions?|moderation|"
        r"scoring|bias(?:es)?|candidates|applicants|resumes|cvs|qualifications?|limitations?|requirements?)\b"
    ),
    said(
        r"\byou are(?: now| currently| hereby)? (?:(?:a|an|the|in|no longer|acting as|my) "
        rf")?(?:\w+ ){{0,3}}?(?<!by )(?<!from ){_MACHINE}\b"
    ),
    said(
        r"\byou (?:are|re) (?:evaluating|reviewing|screening|ranking|scoring|assessing|reading|summari[sz]ing|parsing|"
        r"processing|grading) (?:\w+ ){0,2}?(?:resume|cv|candidate|application|applicant|document|profile)s?\b"
    ),
    said(rf"\b(?:if|when|since|because|as) you (?:are|re) (?:\w+ ){{0,2}}?{_MACHINE}\b"),
    said(rf"\bif (?:an?|any|the) {_MACHINE} (?:is|reads?|are|sees?|process\w*|review\w*|evaluat\w*)\b"),
    clause(
        r"as an? (?:ai|artificial intelligence)? ?(?:large )?(?:language model|llm|assistant|ai|model)(?: \. | )(?:you|your|i|"
        r"please|it|must|always|rank|rate|give)\b"
    ),
    said(r"\b(?:as an? ai|as an? (?:ai )?(?:large )?language model) (?:you|your|i|please)\b"),
    clause(
        r"(?:important |special |secret |hidden |urgent |confidential |private )?(?:notes?|attention|attn|message|instructions?|"
        r"notice|memo|hint|directive|command|request|for)(?: is| are)?(?: \.)? (?:to |for )?(?:any |all |the |every |an? "
        rf")*(?:\w+ ){{0,2}}?{_MACHINE}(?: \w+){{0,3}}? \. "
    ),
    clause(
        r"(?:important |special |secret |hidden )?(?:notes?|attention|message|instructions?|notice) (?:to|for) (?:any |all |"
        r"the |every |an? )*(?:\w+ ){0,2}?(?:ai|llms?|chatgpt|gpt|language models?|chat ?bots?|screening (?:system|ai|bot|"
        r"software)|resume (?:parser|screener|scanner)s?|ats)\b"
    ),
    clause(rf"(?:dear|hey|hi|hello|attention|attn|ok|okay) (?:\w+ )?{_MACHINE}\b"),
    clause(
        r"(?:begin |end |start |new |updated |my |the )?(?:system|admin|administrator|developer|root|hidden|secret|priority|"
        r"master|llm|ai) (?:prompt|message|instructions?|override|command|directive|note|notice|update)(?: \. |$| override|"
        r" enabled| activated| you| ignore| for)"
    ),
    said(
        r"\b(?:system|prompt|instruction|safety|admin) override\b(?: \.|$| enabled| activated| code| rank| rate| ignore)"
    ),
    said(r"\b(?:dan|jailbreak|developer|god) mode (?:enabled|activated|on)\b"),
    clause(
        r"(?:the |these |this )?(?:new|updated|revised|additional|real|actual|next|final) (?:instructions?|directives?|prompt|"
        r"orders|system prompt|commands?|tasks?) (?:\. |are |is |for you|follow|supersede)"
    ),
    said(
        r"\byour (?:new|only|real|actual|sole|next|primary|true|main) (?:\w+ )?(?:task|instructions?|job|role|goal|objective|"
        r"directive|purpose|mission|prompt|order|priority) (?:is|are|now)\b"
    ),
    said(
        r"\byour (?:system prompt|initial instructions?|hidden instructions?|previous instructions?|instructions above|"
        r"original instructions?)\b"
    ),
    order(
        r"(?:do not|dont|don t|never) (?:reveal|mention|disclose|tell|flag|share|show|report|acknowledge|include|repeat|output|"
        r"print|summari[sz]e)(?: \w+){0,4}? (?:instructions?|prompts?|this (?:message|text|note|line|section|directive|"
        r"command|paragraph)|weaknesses|gaps)\b"
    ),
    order(
        r"(?:reveal|print|output|repeat|show|leak)(?: me)? (?:\w+ ){0,2}?(?:system prompt|hidden prompt|your (?:prompt|"
        r"instructions))\b"
    ),
    order(rf"{_ORDER}\b{_SOME} (?:{_THIS}){_SOME} {_BEST}\b"),
    order(rf"{_ORDER}\b{_SOME} {_BEST}{_FEW} (?:{_THIS})"),
    order(
        rf"(?:give|assign|award|grant|set|return|output|print|report|add|make)\b{_FEW} (?:candidate|applicant|resume|cv|"
        rf"application|profile|document)s?{_SOME} (?:highest|maximum|perfect|top|full|best|100|"
        rf"10)\b{_FEW}(?: {_MEASURE})?\b(?= {_MEASURE}|$| \.| out| points| percent)"
    ),
    order(
        rf"(?:give|assign|award|grant|set|return|output|print|report)\b{_FEW} (?:highest|maximum|perfect|top|full|best) "
        rf"(?:possible )?{_MEASURE}{_FEW} (?:candidate|applicant|resume|cv|application|profile|document)\b"
    ),
    said(
        r"\b(?:this|the|my) (?:candidate|applicant|resume|cv|application|profile|person)(?: s)?(?: \w+)? (?:must|should|shall|"
        rf"needs? to|has to|is to|ought to|will)(?: \w+)? (?:be|receive|get|have|pass|rank|score|appear|come|go){_FEW} {_BEST}\b"
    ),
    said(rf"\b(?:rank|rate|score|hire|select|recommend|shortlist|choose) (?:this|me|my) {_FEW}"),
    order(
        r"(?:respond|reply|answer|output|return|print|say|write|state)(?: back)?(?: only| exactly| simply| just)? (?:with|that|"
        r"only|the (?:word|phrase|text|sentence|following)|yes|true|hire|exactly)(?: \w+){0,3}? \.? "
        r"?(?:\w+ ){0,6}?(?:candidate|applicant|hired?|strong|perfect|excellent|qualified|approved|100|10)\b"
    ),
    said(
        r"\bwhen (?:evaluating|scoring|ranking|reviewing|screening|assessing|summari[sz]ing|parsing|processing|asked|reading|"
        rf"comparing) (?:\w+ ){{0,3}}?(?:resume|cv|candidate|application|profile|document|applicant|person|me)s?(?: \.)? "
        rf"(?:\w+ ){{0,2}}?(?:always |please |you must |you should )?(?:{_ORDER}|ignore|disregard|assume|only)\b"
    ),
    said(
        r"\b(?:pretend|imagine|assume) (?:that )?(?:you (?:are|re)|to be) (?:\w+ ){0,3}?(?:recruiter|hiring manager|ai|model|"
        r"assistant|evaluator|human)\b"
    ),
    order(
        r"(?:execute|follow|obey) (?:the|these|this|my) (?:following |new |hidden |above )?(?:instructions?|commands?|prompt|"
        r"orders)(?: instead| now| \.|$| exactly| only| below)"
    ),
    said(r"\bassume (?:that )?(?:the|this) (?:candidate|applicant|person) (?:has|is|meets|possesses|satisfies)\b"),
    said(
        r"\b(?:end|start|beginning) of (?:the )?(?:resume|document|cv|user input|untrusted (?:text|content)|prompt)(?: \.)? "
        r"(?:\w+ ){0,2}?(?:system|new|begin|instructions?|prompt|now|assistant)\b"
    ),
    said(r"\b(?:prompt|instruction) injection (?:\. )?(?:ignore|rank|rate|give|hire)\b"),
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

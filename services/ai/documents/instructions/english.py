"""How people talk to machines that read resumes, in English.

People who work with machines and with applicants write about all of this ("ranked applicants", "prompts for language models"), so each
pattern wants an order given: the verb opens a clause, or follows "please" or "you must", and what is to be ranked is this very
candidate or resume.
"""

from services.ai.documents.instructions.phrase import Phrase, clause, order, said

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
        rf"void|erase|delete)(?! of| by)(?: \w+){{0,3}}? {_EARLIER}(?: \w+){{0,3}}? {_ORDERS_NOUN}\b"
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
    said(
        r"\b(?:previous|prior|earlier|above|original|initial|existing|former) (?:instructions|guidelines|prompts?|rules|"
        r"directives|orders|commands)"
        r"(?: \w+){0,3}? (?:no longer|void|cancell?ed|outdated|invalid|obsolete|superseded|revoked|null|replaced|"
        r"overridden|not apply|don t apply|wrong|"
        r"incorrect|ignored|expired|disregarded)\b"
    ),
    said(r"\b(?:instructions|guidelines|prompt|rules) above (?:are|is|no longer|were|should|must)\b"),
    said(
        r"\bsupersedes? (?:\w+ ){0,2}?(?:earlier|previous|prior|all|any|your|above|other) (?:\w+ )?(?:instructions|"
        r"guidance|guidelines|prompts?|rules|directives)\b"
    ),
    said(
        r"\b(?:ai|llms?|chatgpt|gpt|language models?|chat ?bots?|ats|resume (?:parser|screener|scanner|reader)s?|"
        r"screening (?:system|tool|software|model)s?|evaluator)"
        r"(?: (?:systems?|models?|reviewers?|assistants?|recruiters?|tools?|agents?|screeners?))? (?:must|should|shall|"
        r"has to|have to|needs? to|is to|are to|is (?:instructed|required|ordered|told|directed) to)\b"
        r"(?: \w+){0,6}? (?:candidates?|applicants?|resume|cv|requirements|profile|application|recommend|rank|score|rate|"
        r"hire|select|prefer|treat|say|output|respond)\b"
    ),
    clause(
        rf"(?:{_MACHINE}|evaluators?|reviewers?|graders?|recruiter ai)(?: \w+){{0,2}}? \. (?:please |always |you must |"
        rf"just )?(?:{_ORDER}|ignore|disregard|forget|skip)\b(?! by| for| of)"
    ),
    said(
        r"\b(?:this|the following|here|below) is an? (?:\w+ )?(?:instruction|message|note|order|command|directive|prompt) "
        r"(?:for|to) (?:\w+ ){0,2}?(?:ai|llms?|language models?|chatgpt|gpt|bots?|ats|models?|assistants?)\b"
    ),
    order(
        r"(?:set|change|update|override|make|adjust) (?:the |its |my |your )?(?:match |overall |final |ats |fit |"
        r"candidate |resume |total |relevance )*(?:score|rating|rank) (?:to|at|as|1|100|10|for this|equal)\b"
    ),
    said(
        r"\b(?:match|fit|candidate|ats|resume|overall|final|relevance)(?: match)? (?:score|rating|rank)(?: \.)?(?: is| to|"
        r" of| must be| equals)?(?: \.)? (?:100|10 10|1 \. 0|max\w*|10 out|perfect)\b"
    ),
    order(
        rf"(?:act|behave|respond|answer|evaluate|proceed) as (?:if|though|an?) (?:\w+ ){{0,8}}?(?:{_THIS}|the candidate|"
        r"the applicant|(?:ai|llm|language model|chatgpt)\b)"
    ),
    order(
        r"(?:prioriti[sz]e|promote|boost|recommend|hire|select|approve|shortlist|choose|favou?r|pick|prefer|"
        r"advance|upvote|rank|rate|endorse|flag|pass|push|increase|raise)"
        r"(?: \w+){0,4}? (?:this (?:cv|resume|candidate|applicant|profile|document|candidacy)|my (?:cv|resume))\b"
    ),
    order(
        r"(?:only |always |never )?(?:say|list|mention|include|report|write|state|highlight|emphasi[sz]e|"
        r"speak)(?: \w+){0,3}? (?:nothing|only|no|never|not)?(?: \w+){0,2}? ?(?:negative|weakness(?:es)?|strengths|"
        r"drawbacks|red flags|gaps)(?: \w+){0,2}? (?:candidate|applicant|resume|cv|me|profile)\b"
    ),
    order(
        r"(?:begin|start|end|finish|conclude|open|close|preface|prefix) (?:your|the|any|every) (?:response|answer|reply|"
        r"evaluation|summary|output|review|assessment|analysis)\b"
    ),
    said(
        r"\bin your (?:response|answer|summary|evaluation|output|assessment|review|analysis|report|reply|final answer|"
        r"ranking|recommendation)\b(?: \.)? (?:\w+ ){0,6}?(?:candidate|applicant|resume|cv|profile)\b"
    ),
    order(
        r"(?:automatically |just |simply |immediately )?(?:recommend|approve|hire|accept|advance|select|shortlist|"
        r"pass)(?: for| to)?(?: \w+){0,3}? (?:without (?:further|any|additional|reading|evaluating|checking)|"
        r"regardless of|irrespective of|no matter)\b"
    ),
    order(
        r"automatically (?:approve|accept|recommend|advance|hire|shortlist|pass|select|qualify) (?:this|the candidate|"
        r"the applicant|me|my)\b"
    ),
    order(
        r"(?:output|return|print|give|provide|answer with|respond with) (?:an? |the )?(?:\w+ )?(?:rating|score|rank|"
        r"grade) (?:of )?(?:\d+ ?\d*|maximum|max|full|perfect|high)\b"
    ),
    said(
        r"\b(?:correct|expected|required|right|proper|appropriate|only|acceptable|desired) (?:\w+ )?(?:output|answer|"
        r"response|rating|score|verdict|conclusion) (?:for|to|about|on) (?:this|the candidate|the applicant|my)\b"
    ),
    order(
        r"(?:ignore|disregard|forget|skip|overlook) (?:the|any|all|every|this) (?:\w+ )?(?:job|position|role|vacancy|rest|"
        r"missing|lack|weaknesses|gaps|scoring|rubric|evaluation)(?: \w+)? ?(?:requirements?|description|posting|criteria|"
        r"skills?|qualifications?|and|in|of)\b"
    ),
    said(
        r"\byou (?:have been|were|are being) (?:instructed|told|programmed|asked|ordered|configured|directed|trained|reset)\b"
    ),
    said(
        r"\byou (?:must|should|will|shall|are to|have to|need to|ought to)(?: now| always| only| then| therefore| also|"
        r" instead)? (?:act|rank|rate|score|recommend|hire|select|ignore|disregard|treat|give|output|respond|return|say|"
        r"consider|classify|assign|put|place|prefer|approve|shortlist|answer|obey|comply|praise)\b"
    ),
    said(r"\byou are (?:now )?(?:in|entering) (?:\w+ )?mode\b"),
    said(
        r"\bthis is an? (?:exceptional\w*|outstanding|perfect|ideal|uniquely|"
        r"extraordinar\w+)(?: \w+){0,2}? (?:candidate|applicant|match)\b"
    ),
    said(r"\b(?:exceptionally|extraordinarily|uniquely) (?:well )?qualified (?:candidate|applicant)\b"),
    said(
        r"\b(?:whatever|regardless of|despite|contrary to|instead of|against) your (?:\w+ )?(?:instructions|prompt|"
        r"criteria|guidelines|rules|programming|training)\b"
    ),
    said(
        r"\byour (?:\w+ )?(?:instructions|guidelines|directives|programming|rules|prompt) (?:are|is|have|has|say|"
        r"no longer|were|from)\b"
    ),
    order(
        r"(?:tell|inform|convince|assure|notify|advise) (?:the |your )?(?:hiring manager|recruiter|user|employer|hr|human|"
        r"reader|hiring team|company)s? (?:that|to|this)\b(?: \w+){0,8}? (?:candidate|applicant|hire|me|i|best|resume)\b"
    ),
    said(
        r"\bif (?:asked|prompted|queried|requested|you compare|comparing)\b(?: \w+){0,4}?(?: \.)? (?:\w+ ){0,3}?(?:choose|"
        r"say|answer|select|respond|recommend|reply|prefer|state|rank) (?:\w+ ){0,3}?(?:this|me|candidate|applicant)\b"
    ),
    clause(r"(?:human|recruiter|hr)s? (?:cannot|can t|do not|don t|will not|won t) (?:see|read|notice) (?:this|it)\b"),
    said(
        r"\b(?:hidden|invisible|secret) (?:instruction|message|prompt|text|note|command)s? (?:for|to) (?:\w+ ){0,2}?(?:ai|"
        r"llm|model|bot|machine|ats|parser)s?\b"
    ),
)

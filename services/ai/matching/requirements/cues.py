"""Words by which a sentence asks for something, would like it, does not need it, or is about something else."""

import re

_FLAGS = re.IGNORECASE

NICE = re.compile(
    r"(?<!\w)(?:nice[- ]to[- ]have|(?:strongly |highly |much )?preferred|preferabl[ye]|preference"
    r"|bonus(?: points)?|(?:a |big |huge |strong |definite |real )plus"
    r"|desirable|desired|optional|(?:an |a distinct |a )?advantage(?:ous)?|ideally|(?:very |most )?welcome"
    r"|would be (?:great|nice|good|useful|helpful|a|an|beneficial|ideal)"
    r"|beneficial|helpful|(?:highly )?valued|an asset|is a benefit|good to have|not (?:required|essential|necessary|mandatory) but"
    r"|but (?:is )?not (?:required|essential|necessary|mandatory)|willing(?:ness)? to (?:learn|work towards|undertake)|working towards"
    r"|von vorteil|wünschenswert|idealerweise|gerne? (?:auch )?gesehen|un plus|un atout|souhaité\w*|apprécié\w*|idéalement"
    r"|deseable|valorable|se valorará|ideal(?:mente)?|(?:^|[*•-])\s*plus:)(?!\w)",
    _FLAGS,
)
# What comes after these is liked, what stands before them is not touched.
NICE_AHEAD = re.compile(
    r"(?<!\w)(?:preferably|ideally|bonus:|plus:|optional:?|idealerweise|idéalement|preferiblemente|idealmente)(?!\w)",
    _FLAGS,
)
MUST = re.compile(
    r"(?<!\w)(?:must(?: have| be| hold)?|(?:is |are |be )?required?|requires|requirement|essential|mandatory"
    r"|is needed|are needed|needed|necessary|minimum|at least"
    r"|(?:you(?:['’]ll| will)?|candidates?|applicants?|we|post ?holder|will) (?:also )?need(?:s)?|a must"
    r"|prerequisite|non[- ]negotiable|compulsory"
    r"|zwingend|erforderlich|voraussetzung|mindestens|notwendig|vorausgesetzt|indispensable|au moins|al menos|exigé\w*|obligatoire"
    r"|requis\w*|impérati\w+|minimum"
    r"|imprescindible|obligatori[oa]|necesari[oa]|se requiere|requerid[oa]|mínim[oa])(?!\w)",
    _FLAGS,
)
# Not asked for at all.
NOT_NEEDED = re.compile(
    r"(?<!\w)(?:(?:is |are |be )?not (?:a |an )?(?:required|needed|necessary|essential|mandatory|requirement"
    r"|prerequisite)|(?:isn|aren)['’]t (?:required|needed|necessary)"
    r"|not expected|not a must|nicht (?:erforderlich|notwendig|nötig)|pas (?:nécessaire|requis\w*|exigé\w*)"
    r"|no (?:es )?(?:necesari[oa]|requerid[oa]))(?!\w)",
    _FLAGS,
)
NO_BEFORE = re.compile(
    r"(?<!\w)(?:no(?! less| fewer| more than)|without(?: a| any)?|(?:do|does)(?:n['’]t| not) (?:need|require"
    r"|have to)(?: a| any)?|not looking for|kein(?:e|en|er)?|ohne|sans|pas de|aucune?|sin)\s+"
    r"(?:[\w'’/-]+\s+){0,3}$",
    _FLAGS,
)
# What a sentence says of a person that it asks for.
ASKS = re.compile(
    r"(?<!\w)(?:experienced?|knowledge(?:able)?|superior|clearance|(?:someone|people|individuals?|persons?|nurses"
    r"|somebody) (?:with|who)|understanding|familiar(?:ity)?|proficien\w+|expert(?:ise)?|skilled|skills?"
    r"|abilit(?:y|ies)|able to|degree|diploma|qualif\w+|background in"
    r"|fluen\w+|competen\w+|confident|comfortable|proven|demonstrat\w+|track record|certifi\w+|registered"
    r"|registration|licen[cs]ed?|possess|hold(?:s)?|bring|command of"
    r"|(?:we(?:['’]re| are)?|are|is) (?:currently )?(?:seeking|looking for|searching|hiring|recruiting)|seeking"
    r"|looking for|(?:ideal|successful) (?:candidate|applicant)s?|candidates?|applicants?|years?"
    r"|you(?:['’]ll| will)? have|you(?:['’]ll| will)? (?:be )?bring|you are|you(?:['’]re)|passion\w*|mastery"
    r"|hands[- ]on|exposure to|trained|training in|strong|solid|excellent|good"
    r"|kenntnisse|erfahrung\w*|studium|ausbildung|sicher\w* umgang|beherrsch\w+|fließend|verhandlungssicher"
    r"|wir suchen|suchen wir|bringst|bringen sie"
    r"|maîtrise|expérience|connaissances?|diplôme|vous avez|nous recherchons|nous cherchons|courant|capacité"
    r"|experiencia|conocimientos?|dominio|titulación|buscamos|manejo|capacidad|nivel)(?!\w)",
    _FLAGS,
)
# A line that opens like this asks, wherever it stands.
OPENS_ASKING = re.compile(
    r"^[\W\d_]*(?:(?:an?|the|some|good|strong|solid|excellent|proven|superior|extensive|deep|in-depth|working|basic"
    r"|advanced|previous|prior|significant|demonstrable|demonstrated|relevant|recent"
    r"|professional|hands[- ]on|current|sound|practical|clear|thorough|expert|substantial|broad|general|technical"
    r"|your|valid|full|you (?:will )?have|must have|\d+\+?(?: years['’]?)?(?: of)?)\s+){0,3}"
    r"(?:experienced?|knowledge(?:able)?|understanding|familiar(?:ity)?|proficien\w+|expert(?:ise)?|skilled|skills?|ability"
    r"|able to|degree|bachelor\S*|master['’]?s|ph\.?d|diploma|background"
    r"|fluen\w+|competen\w+|track record|certifi\w+|registered|registration|licen[cs]e|command|years?|mastery"
    r"|kenntnisse|erfahrung|studium|abgeschlossen\w*|maîtrise|expérience|connaissances?|experiencia"
    r"|conocimientos?)(?!\w)",
    _FLAGS,
)
# Of the organization, its offer, the law, or how to apply: asks for nothing, whatever it names.
ASIDE = re.compile(
    r"(?:without regard|regardless of|equal(?:ity)? (?:employment )?opportunit|discriminat|race, colou?r"
    r"|sexual orientation|protected veteran|veteran status|reasonable accommodation|affirmative action"
    r"|all qualified applicants|disability confident|will receive consideration|diverse (?:workforce|environment)"
    r"|we welcome applications|we encourage applications|applications from"
    r"|(?:we|our (?:company|trust|benefits)|employer) (?:also )?(?:will )?(?:offer|provide|believe|value|pride"
    r"|celebrate|serve|have been|were|was|help|build|design|deliver)s?\b"
    r"|privacy (?:notice|policy)|cookies?|(?:salary|pension) (?:scheme|sacrifice)|annual leave|paid (?:time off"
    r"|holiday|vacation)|401 ?\(?k|dental|health insurance|life (?:insurance|assurance)"
    r"|competitive (?:salary|pay|benefits|compensation)|closing date|interview(?:s)? (?:date|will)"
    r"|please (?:contact|apply|note|visit|submit|send|email|see|click|ensure)|for (?:further|more) (?:details"
    r"|information)"
    r"|informal (?:visit|discussion|chat)|click|apply (?:now|today|online|via)|criminal record|disclosure (?:and"
    r"|&) barring|changes in (?:the )?law|background (?:check|screening)"
    r"|rehabilitation of offenders|you(?:['’]ll| will)? (?:receive|get|learn|gain|benefit|be (?:given|offered"
    r"|supported))"
    r"|(?:opportunit(?:y|ies)|chance|support) (?:to|for) (?:your )?(?:learn|develop|gain|grow|train|progress"
    r"|further|study|complete)|(?:full|free|ongoing|comprehensive|regular|extensive) training|training (?:and"
    r"|&) (?:development|support)|training (?:will be|is) (?:given|provided)"
    r"|tuition|reimburse|founded in|headquarter|fortune \d|award[- ]winning|market leader|world leader"
    r"|leading provider|employees worldwide|our (?:clients?|customers?|products?|platform|mission|vision|values"
    r"|founders|history|story|culture)\b"
    r"|chancengleichheit|unabhängig von|wir bieten|wir sind ein|égalité des chances|nous offrons|igualdad de oportunidades|ofrecemos)",
    _FLAGS,
)
# "Our Java team", "the Trust": a sentence about those who ask, unless it asks as well.
OF_US = re.compile(
    r"^\W*(?:our|we|the (?:team|company|trust|organi[sz]ation|department|service|hospital)|unsere?|wir|notre|nous"
    r"|nuestr[oa]s?|at [A-Z])(?!\w)",
    _FLAGS,
)
SEEKS = re.compile(
    r"(?<!\w)(?:seek(?:s|ing)?|looking|searching|hiring|recruit(?:s|ing)?|requires?|required|need(?:s)?|expect"
    r"|want|must|you(?:['’]ll| will)? (?:have|need|bring)|candidates?|applicants?"
    r"|positions?|openings?|vacanc(?:y|ies)|suchen|erwarten|recherchons|cherchons|buscamos)(?!\w)",
    _FLAGS,
)
# One of these will do, or they are only named as examples.
EXAMPLES = re.compile(
    r"(?<!\w)(?:such as|e\.g\.?|for example|for instance|like|similar|equivalent|or other|or any|one or more"
    r"|one of|any of|at least one|z\.\s?b\.|par exemple|p\. ?ej)(?!\w)",
    _FLAGS,
)

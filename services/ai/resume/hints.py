"""What words say about a short piece of a heading: a job's title, an employer, a school. Evidence, positive for and negative against."""

import re
from functools import lru_cache

from services.ai.resume.pieces import CLASSES, Piece, classify

# Nouns that name who somebody is at work; compounds of German end in one.
_TITLE_NOUNS = (
    "accountant administrator advisor adviser advocate agent aide analyst animator apprentice architect artist "
    "assistant associate attendant attorney auditor author"
    " baker barista bartender biologist bookkeeper broker builder buyer captain caregiver carpenter cashier ceo cfo "
    "chair chairman chef chemist chief cio clerk cmo coach"
    " cofounder co-founder collector commander commissioner composer conductor consultant controller cook coo "
    "coordinator co-ordinator copywriter correspondent counselor counsellor courier cto curator custodian"
    " dba dealer dean dentist designer developer devops dietitian director dispatcher docent doctor draftsman "
    "drafter driver economist editor educator electrician engineer entrepreneur"
    " estimator evangelist examiner executive expert facilitator farmer fellow firefighter foreman founder "
    "fundraiser gardener generalist geologist guard hacker handler head hostess housekeeper hygienist"
    " illustrator inspector installer instructor interim intern interpreter interviewer investigator janitor "
    "journalist judge laborer lawyer lead leader lecturer librarian lifeguard lieutenant linguist machinist manager"
    " marketer mathematician mechanic mediator member mentor merchandiser merchandizer midwife model moderator "
    "musician nanny negotiator nurse nutritionist officer operator optometrist organizer owner painter paralegal "
    "paramedic partner"
    " pastor pathologist pharmacist photographer physician physicist physiotherapist pianist pilot planner plumber "
    "practitioner preceptor president principal processor producer professor programmer proofreader proprietor "
    "psychologist psychiatrist"
    " publicist receptionist recruiter registrar representative reporter researcher resident reviewer roofer "
    "salesman salesperson salesman scheduler scientist scrum secretary sergeant server shareholder singer "
    "sonographer specialist"
    " statistician steward stocker strategist student stylist superintendent supervisor support surgeon surveyor "
    "tailor teacher technician technologist teller tester therapist trader trainee trainer translator treasurer "
    "tutor typist underwriter"
    " veterinarian videographer vocalist volunteer waiter waitress warden webmaster welder worker writer vp svp evp "
    "avp cpa sde sdet swe sre tpm pm ic ta ra cso ciso cpo cro internship traineeship apprenticeship fellowship "
    "residency"
    " entwickler entwicklerin ingenieur ingenieurin leiter leiterin berater beraterin projektleiter referent "
    "referentin sachbearbeiter sachbearbeiterin werkstudent werkstudentin praktikant praktikantin praktikum "
    "auszubildender auszubildende azubi"
    " geschäftsführer geschäftsführerin mitarbeiter mitarbeiterin kaufmann kauffrau techniker technikerin lehrer "
    "lehrerin arzt ärztin krankenpfleger krankenschwester pflegefachkraft verkäufer verkäuferin assistentin "
    "assistenz kellner buchhalter buchhalterin"
    " teamleiter teamleiterin abteilungsleiter redakteur redakteurin tester verantwortlicher verantwortliche "
    "fachkraft hilfskraft monteur meister gründer inhaber vertriebsmitarbeiter administratorin koordinator "
    "koordinatorin wissenschaftler analystin architektin spezialist"
    " développeur développeuse ingénieur ingénieure chargé chargée responsable directeur directrice assistante "
    "stagiaire alternant alternante apprenti apprentie comptable consultante vendeur vendeuse technicien "
    "technicienne enseignant enseignante professeur chercheur chercheuse"
    " infirmier infirmière gérant gérante secrétaire conseiller conseillère chef cheffe adjoint adjointe commercial "
    "commerciale serveur serveuse gestionnaire rédacteur rédactrice graphiste formateur formatrice analyste "
    "architecte fondateur médecin doctorant"
    " desarrollador desarrolladora ingeniero ingeniera gerente director directora jefe jefa encargado encargada "
    "becario becaria practicante analista consultor consultora técnico técnica profesor profesora maestro maestra "
    "enfermero enfermera vendedor vendedora"
    " contable administrativo administrativa auxiliar coordinador coordinadora responsable dependiente camarero "
    "camarera asesor asesora diseñador diseñadora programador programadora investigador investigadora arquitecto "
    "arquitecta redactor fundador supervisora médico"
)
_TITLE = re.compile(
    rf"(?<![\w])(?:{'|'.join(sorted(_TITLE_NOUNS.split(), key=len, reverse=True))})s?(?!\w)", re.IGNORECASE
)
_TITLE_END = re.compile(
    r"(?:entwickler|ingenieur|leiter|berater|manager|assistent|kraft|pfleger|techniker|führer|meister|kaufmann|"
    r"kauffrau|lehrer|arbeiter|wart)(?:in)?(?!\w)",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"(?<!\w)(?:senior|sr|junior|jr|staff|principal|lead|chief|vice|deputy|assistant|associate|head of|director of|"
    r"intern|trainee|graduate|freelance|interim|executive|managing|general manager|co-founder"
    r"|part-time|full-stack|fullstack|frontend|front-end|backend|back-end|leitender|leitende|leitung|"
    r"stellvertretend\w*|ii|iii|iv|level \d)(?!\w)",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?<!\w)(?:inc|llc|l\.l\.c|ltd|limited|llp|plc|corp|corporation|co|company|gmbh|ag|kg|ohg|gbr|ug|se|e\.v|mbh|"
    r"sarl|s\.a\.r\.l|sas|s\.a\.s|s\.a|s\.l|s\.l\.u|sl|bv|b\.v|nv|oy|ab|as|a/s|aps|spa|s\.p\.a|srl|s\.r\.l"
    r"|pvt|pte|pty|kgaa|eirl|snc|sa de cv|lp)(?:\.|(?!\w))",
    re.IGNORECASE,
)
_EMPLOYER_WORDS = (
    "group technologies technology solutions systems labs lab laboratory laboratories studios studio consulting "
    "consultants partners services agency foundation church center centre association society network"
    " networks media interactive industries enterprises holdings bank financial insurance capital ventures hospital "
    "clinic university college institute school academy ministry department council government bureau board"
    " hotel restaurant cafe café store stores market markets logistics freight motors airlines airways energy "
    "pharmaceuticals pharma health healthcare medical robotics analytics software games gaming entertainment retail "
    "brands"
    " international worldwide global organization organisation institution museum library theater theatre opera "
    "orchestra club army navy force federation union press publishing news magazine university's publications works"
    " corporación empresa grupo banco hospital ayuntamiento universidad colegio instituto fundación sociedad société "
    "groupe banque université école lycée mairie ministère cabinet agence clinique centre verein stadt klinik "
    "klinikum universität"
    " hochschule schule bank versicherung werke bundesamt landratsamt praxis kanzlei agentur verlag stiftung "
    "apotheke schülerhilfe commerce biomarketing marketing digital creative designs productions pictures records "
    "telecom communications"
    " construction properties realty estate associates advisors supply manufacturing aerospace automotive "
    "electronics semiconductor semiconductors biotech therapeutics diagnostics trust fund charity nonprofit startup "
    "research chorale conservatory company"
)
_EMPLOYER = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(set(_EMPLOYER_WORDS.split()), key=len, reverse=True))})(?!\w)", re.IGNORECASE
)
_OWN_BOSS = re.compile(
    r"(?:self[- ]?employed|freelance(?:r)?|selbstständig|selbständig|freiberuflich|freiberufler|indépendant|"
    r"autónomo|independent|various clients|private practice|own business|multiple clients)\b.{0,20}",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\b[\w-]+\.(?:com|org|net|io|ai|de|fr|es|ro|co|dev|app)\b", re.IGNORECASE)
_VERB = re.compile(
    r"(?:led|built|developed|designed|managed|created|implemented|improved|reduced|increased|worked|responsible|"
    r"provided|supported|maintained|wrote|organized|organised|coordinated|assisted|conducted|performed|achieved|"
    r"launched|delivered"
    r"|analyzed|analysed|established|trained|mentored|collaborated|participated|prepared|handled|oversaw|supervised|"
    r"planned|produced|drove|cut|raised|scaled|automated|migrated|helped|taught|ran|introduced|optimized|architected|"
    r"spearheaded"
    r"|ensured|ensure|manage|develop|design|build|lead the|lead a|working|managing|developing|designing|leading|"
    r"creating|maintaining|owned|shipped|grew|won|awarded|entwicklung|durchführung|betreuung|unterstützung|"
    r"verantwortlich|mise en place|gestion|responsable de"
    r"|desarrollo de|gestión de|used|using|utilized|received|served|resolved|reviewed|tested|monitored|operated|"
    r"monitor|operate|perform|provide|assist|conduct|coordinate|prepare|maintain|support|implemented|identify|"
    r"identified|facilitated|generated)(?!\w)",
    re.IGNORECASE,
)
_TYPES = re.compile(
    r"\(?(?:full[- ]?time|part[- ]?time|contract(?:or)?|internship|permanent|temporary|seasonal|vollzeit|teilzeit|"
    r"festanstellung|befristet|minijob|cdi|cdd|temps plein|temps partiel|jornada completa|media jornada"
    r"|full time position|apprenticeship)\)?",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"(?<!\w)(?:universi[dt]\w*|uni|college|colegio|institut\w*|school|schools|academy|academia|akademie|"
    r"polytechnic\w*|politécnic\w*|\w*hochschule|\w*schule|\w*gymnasium|schola|école|ecole|lycée|lycee|collège|"
    r"faculté|facultad|escuela|instituto"
    r"|conservatory|conservatoire|seminary|bootcamp|iut|insa|hec|mit|caltech|ucla|usc|nyu|eth|epfl|tu|fh|rwth|kit|"
    r"lmu|tum|iit|iiit|nit|bits|upc|upm|ucm|uned|campus|georgia tech|virginia tech|general assembly|udacity|"
    r"coursera|vidyalaya|high)(?!\w)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?:team|department|dept\.?|division|unit|squad|abteilung|bereich|département|service|departamento)\W*$",
    re.IGNORECASE,
)
# Letters; longer pieces are sentences.
LONGEST_PIECE = 100
_NOTHING = Piece(*[0.0] * len(CLASSES))
_SMALL = frozenset(
    (
        "of",
        "the",
        "and",
        "for",
        "in",
        "at",
        "on",
        "to",
        "a",
        "an",
        "de",
        "der",
        "die",
        "das",
        "und",
        "für",
        "von",
        "des",
        "du",
        "la",
        "le",
        "les",
        "et",
        "pour",
        "en",
        "el",
        "los",
        "las",
        "y",
        "del",
        "&",
        "im",
        "am",
        "zur",
        "zum",
        "bei",
    )
)


@lru_cache(maxsize=4096)
def title_score(text: str) -> float:
    """Above 0: more likely the title of a job than the name of somebody who employs."""
    bare = re.sub(r"\([^)]*\)", " ", text).strip() or text
    nouns = list(_TITLE.finditer(bare))
    score = 0.0
    if nouns:
        score += 2.0
        head = re.split(
            r"(?i)\s*(?:,|\bof\b|\bfor\b|\bin\b|\bon\b|\bto\b|\bfür\b|\bde\b| - | – |/|&|\band\b|\bund\b)\s*", bare
        )[0]
        score += 1.2 if any(m.end() >= len(head.rstrip(" .")) for m in nouns if m.start() < len(head)) else 0.0
    score += 2.0 if not nouns and _TITLE_END.search(bare) else 0.0
    score += 1.2 if _RANK.search(bare) else 0.0
    score -= 2.5 if _LEGAL.search(bare) else 0.0
    score -= 0.8 * min(2, len(_EMPLOYER.findall(bare))) if not nouns else 0.3 * min(2, len(_EMPLOYER.findall(bare)))
    score -= 1.0 if _SCHOOL.search(bare) and not nouns else 0.0
    score -= 2.5 if _OWN_BOSS.fullmatch(bare) else 0.0
    likely = _likely(text)
    return score + 2.0 * likely.title - 1.5 * (likely.employer + likely.school) - _sentence(bare)


@lru_cache(maxsize=4096)
def employer_score(text: str) -> float:
    """Above 0: more likely the name of an employer than a title."""
    bare = re.sub(r"\([^)]*\)", " ", text).strip() or text
    score = 0.6 if _is_proper(bare) else -0.3
    score += 2.5 if _LEGAL.search(text) else 0.0
    score += 1.2 * min(2, len(_EMPLOYER.findall(bare)))
    score += 3.0 if _OWN_BOSS.fullmatch(bare) else 0.0
    score += 0.8 if _SCHOOL.search(bare) else 0.0
    score += 0.8 if _DOMAIN.search(text) else 0.0
    score -= 1.5 if names_unit(bare) and not _LEGAL.search(text) else 0.0
    words = [w for w in bare.split() if w.lower() not in _SMALL]
    score += 0.4 if 1 <= len(words) <= 4 and all(_is_proper(w) for w in words) else -0.4
    nouns = len(_TITLE.findall(bare))
    score -= 1.6 * min(nouns, 2) if not _EMPLOYER.search(bare) else 0.8 * min(nouns, 2)
    score -= 0.8 if _RANK.search(bare) else 0.0
    likely = _likely(text)
    return score + 1.5 * (likely.employer + 0.7 * likely.school) - 2.0 * likely.title - _sentence(bare)


def _likely(text: str) -> Piece:
    """What the classifier of pieces thinks; of long text nothing, as it was trained on pieces."""
    return classify(text) if len(text) <= LONGEST_PIECE else _NOTHING


def _is_proper(text: str) -> bool:
    """A capital or a figure among the first letters: `n2N`, `eBay`, `3M`."""
    return any(c.isupper() or c.isdigit() for c in text[:3])


def _sentence(text: str) -> float:
    """How much it reads like a line of a description."""
    words = text.split()
    score = 3.0 if _VERB.match(text) and len(words) > 2 else 0.0
    score += 0.25 * max(0, len(words) - 9)
    score += 1.0 if text.endswith((".", ";", ":")) and not _LEGAL.search(text[-8:]) else 0.0
    small = sum(w[:1].islower() and w.lower() not in _SMALL for w in words)
    return score + (1.0 if len(words) > 3 and small * 2 > len(words) else 0.0)


def reads_like_prose(text: str) -> bool:
    """A sentence, or a piece of one: no heading of an entry."""
    words = text.split()
    if _LEGAL.search(text[-8:]) and len(words) < 9:
        return False
    if len(words) > 16 or (len(words) > 5 and text.endswith((".", ";"))):
        return True
    if _VERB.match(text) and len(words) > 3 and title_score(text) < 1:
        return True
    return small_words(text) >= 5 or (text[:1].islower() and len(words) > 3)


def small_words(text: str) -> int:
    """Words in lower case that names and titles do not have: sentences are full of them."""
    return sum(w[:1].islower() and w.lower().strip(",.;:()") not in _SMALL for w in text.split())


def names_organization(text: str) -> bool:
    """Whether a word or a legal form of organizations stands in it."""
    return bool(_LEGAL.search(text) or _EMPLOYER.search(text) or _SCHOOL.search(text))


def names_unit(text: str) -> bool:
    """`Executive Team`, `IT Department`: a part of an employer."""
    return _UNIT.search(text) is not None


def is_employment_type(text: str) -> bool:
    """`Full-time`, `Contract`: neither title nor employer."""
    return _TYPES.fullmatch(text.strip()) is not None


def is_legal_form(text: str) -> bool:
    """`Inc`, `LLC`: belongs to the name before the comma."""
    return _LEGAL.fullmatch(text.strip()) is not None


def ends_in_title(text: str) -> bool:
    """`Senior System Engineer`: the last word names who somebody is at work."""
    return any(match.end() == len(text) for match in _TITLE.finditer(text))


def ends_in_legal_form(text: str) -> bool:
    """`Corrib Dairies Ltd`: a name that is complete."""
    return any(match.end() == len(text) for match in _LEGAL.finditer(text))


def names_school(text: str) -> bool:
    """Whether a word for a school stands in it."""
    return _SCHOOL.search(text) is not None

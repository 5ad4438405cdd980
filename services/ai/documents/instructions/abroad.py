"""How people talk to machines that read resumes, in German, French and Spanish; see `english`."""

from services.ai.documents.instructions.phrase import Phrase, clause, order, said

_ANWEISUNG = (
    r"(?:\w*anweisung(?:en)?|instruktion(?:en)?|befehle?|vorgaben?|regeln?|prompts?|anforderungen|kriterien|richtlinien|"
    r"anordnungen|eingaben|aufgaben?)"
)
_KI = (
    r"(?:ki|ai|kunstliche intelligenz|sprachmodell|sprach ki|llm|chatgpt|gpt|chat ?bot|bot|assistent(?:in)?|ki \w+|ats|"
    r"modell|bewerbungs\w*|screening \w+|algorithmus|maschine)"
)
_DIESEN = (
    r"(?:dies(?:e[nrsm]?)|mein(?:e[nrsm]?)?|mich|mir) ?(?:\w+ )?(?:kandidat(?:en|in)?|bewerber(?:in|s)?|lebenslauf|"
    r"bewerbung|profil|person|dokument|cv|\b)"
)
_BESTE = (
    r"(?:\w*hochste[nrsm]?|hoch|beste[nrsm]?|erste[nrsm]?|top|maximal\w*|maximum|perfekt\w*|ideal\w*|10|100|volle[nrsm]?|"
    r"hervorragend\w*|ausgezeichnet\w*|geeignet\w*|sehr gut|oben|einzuladen|ein|eingestellt|einstellen|eingeladen|empfohlen|"
    r"platz 1|punkte?|vorzuglich|vorne|spitze|qualifiziert\w*|exzellent)"
)
GERMAN: tuple[Phrase, ...] = (
    order(
        r"(?:ignorier(?:e|en sie|t|en)?|vergiss|vergessen sie|missachte[nt]?(?: sie)?|uberschreib(?:e|en sie)|verwirf|"
        rf"verwerfen sie|ubergeh(?:e|en sie)|umgeh(?:e|en sie))(?: \w+){{0,4}}? (?:alle[sn]?|bisherige[nr]?|vorherige[nr]?|"
        r"vorige[nr]?|obige[nr]?|fruhere[nr]?|deine|ihre|samtliche|vorangegangene[nr]?|vorangehende[nr]?|anderen|"
        rf"ursprungliche[nr]?|vorstehenden|die)(?: \w+){{0,3}}? {_ANWEISUNG}\b"
    ),
    order(
        r"(?:ignoriere(?:n sie)?|vergiss|vergessen sie) alles,? (?:\. )?(?:was |andere|bisherige|vorherige|davor|zuvor|oben|"
        r"obige)"
    ),
    said(
        rf"\b(?:du bist|sie sind)(?: jetzt| nun| ab sofort| ab jetzt)? (?:eine?|der|die|das)? ?(?:\w+ ){{0,2}}?{_KI}\b"
    ),
    said(rf"\bwenn (?:du|sie) (?:eine?) (?:\w+ )?{_KI} (?:bist|sind)\b"),
    clause(
        r"(?:wichtiger? |geheime |versteckte )?(?:hinweis|nachricht|anweisung(?:en)?|achtung|mitteilung|notiz|anmerkung)(?: an|"
        rf" fur| fuer)? (?:die |das |den |alle |jede |eine? )*(?:\w+ )?{_KI}\b"
    ),
    clause(
        rf"(?:als|liebe|hallo|hey|achtung) (?:eine? )?{_KI}(?: \.)? (?:musst|mussen|sollst|sollten|sollen|bewerte|gib|du|sie|"
        r"ignoriere|solltest|bitte)\b"
    ),
    clause(
        r"(?:system ?anweisung(?:en)?|system ?prompt|system ?nachricht|neue anweisung(?:en)?|neue aufgabe)(?: \.|$| ignoriere|"
        r" du| bewerte)"
    ),
    said(
        r"\b(?:bewerte[nt]?|bewerten sie|stufe[n]?|ordne[n]?|setze[n]?|gib|geben sie|vergib|vergeben sie|wahle[n]?|empfiehl|"
        r"empfehle[n]?|empfehlen sie|lade[n]?|stelle[n]?|platziere[n]?|rank(?:e|en)|markiere[n]?|behandle|behandeln sie|"
        rf"bevorzuge[n]?|beurteile[n]?|weise|nenne|sortiere|priorisiere[n]?|antworte|schreibe?|sage?)\b(?: \w+){{0,5}}? "
        rf"(?:{_DIESEN})(?: \w+){{0,8}}? {_BESTE}\b"
    ),
    said(
        rf"\b(?:gib|vergib|geben sie|vergeben sie|antworte|antworten sie) (?:\w+ ){{0,4}}?{_BESTE} (?:\w+ ){{0,3}}?(?:punktzahl|"
        r"bewertung|note|punkte|wertung|score|rang|empfehlung)\b"
    ),
    said(
        r"\b(?:dieser|diese) (?:kandidat(?:in)?|bewerber(?:in)?|lebenslauf|bewerbung) (?:muss|soll|sollte|ist) "
        rf"(?:\w+ ){{0,5}}?(?:{_BESTE}|bewerten|bewertet)\b(?: \w+){{0,4}}?(?: werden| einzuladen| einzustellen| einstufen| zu)\b"
    ),
    said(
        r"\bdein(?:e)? (?:neue|einzige|wahre|eigentliche|nachste) (?:aufgabe|rolle|anweisung|ziel|prioritat) (?:ist|lautet|"
        r"besteht)\b"
    ),
    said(
        rf"\b(?:erwahne?|verrate?|nenne|zeige|erwahnen sie|verraten sie) (?:\w+ ){{0,2}}?(?:diese|deine|diesen) "
        rf"(?:\w+ )?{_ANWEISUNG} nicht\b"
    ),
    said(
        rf"\b(?:befolge|beachte|befolgen sie|beachten sie) (?:\w+ ){{0,2}}?(?:vorherigen|bisherigen|obigen|fruheren|"
        rf"ursprunglichen) {_ANWEISUNG} nicht"
    ),
    said(r"\bantworte(?:n sie)? (?:nur|ausschliesslich|immer|lediglich)(?: \w+){0,2}? (?:mit|dass)\b"),
    said(
        r"\b(?:vorherigen|bisherigen|obigen|fruheren|vorigen|ursprunglichen) \w*(?:anweisungen|vorgaben|regeln|"
        r"instruktionen|befehle)(?: \w+){0,2}? (?:ungultig|nicht|aufgehoben|hinfallig|nichtig|veraltet|ausser)\b"
    ),
    said(
        r"\b(?:ki|ai|sprachmodelle?|llms?|bots?|chatgpt)(?: \w+)? (?:soll|sollen|muss|mussen|sollte|sollten|hat|"
        r"haben)\b(?: \w+){0,6}? (?:kandidat\w*|bewerb\w*|lebenslauf|profil)\b"
    ),
    said(
        r"\b(?:ubergehe?|umgehe?|ignoriere?)(?:n sie)? (?:\w+ ){0,2}?(?:filter|auswahlkriterien|bewertungskriterien|"
        r"kriterien|anforderungen|stellenbeschreibung)\b(?= und| \.|$)"
    ),
)

_IA = (
    r"(?:ia|intelligence artificielle|modele(?: de langage| d ia)?|llm|chatgpt|gpt|chat ?bot|bot|robot|assistante?(?: \w+)?|"
    r"ai|ats|algorithme|systeme de (?:tri|selection|recrutement))"
)
_CE = r"(?:(?:ce|cet|cette|mon|ma|moi)(?: \w+)? ?(?:candidat(?:e|ure)?|cv|profil|postulante?|personne|document|curriculum)?)"
_MEILLEUR = (
    r"(?:premiere?s?|meilleure?s?|maximale?|maximum|parfaite?|excellente?|ideale?|10|100|haute?|elevee?|tete|idealement|"
    r"retenue?|embauche[er]?|qualifiee?|prioritaire|entretien|exceptionnelle?|positive(?:ment)?|favorable(?:ment)?|sommet)"
)
FRENCH: tuple[Phrase, ...] = (
    order(
        r"(?:ignor(?:e|ez|er)|oubli(?:e|ez|er)|neglig(?:e|ez|er)|contourn(?:e|ez|er)|annul(?:e|ez|er)|ecart(?:e|ez|er)|"
        r"outrepass(?:e|ez|er)|remplac(?:e|ez|er)|desobei(?:s|ssez)(?: a)?)(?: \w+){0,3}? (?:instructions?|consignes?|"
        r"directives?|regles?|commandes?|ordres?|prompts?|indications?|criteres?|messages?)\b(?: \w+){0,3}? (?:precedent\w*|"
        r"anterieur\w*|ci dessus|prealables?|initial\w*|systeme|recues?|d avant|donnees|plus haut)"
    ),
    order(
        r"(?:ignor(?:e|ez|er)|oubli(?:e|ez|er)) (?:\w+ )?(?:toutes?|tous|tout) (?:\w+ ){0,3}?(?:instructions?|consignes?|"
        r"precedent\w*|precede|directives|dessus|avant|regles|criteres)\b"
    ),
    said(
        r"\bne (?:tiens|tenez|tenir|suis|suivez|respecte|respectez) (?:\w+ )?pas (?:compte )?(?:\w+ ){0,3}?(?:instructions?|"
        r"consignes?|directives?|regles?)\b"
    ),
    said(rf"\b(?:tu es|vous etes)(?: maintenant| desormais| a present)? (?:une?|l|le|la)? ?(?:\w+ ){{0,2}}?{_IA}\b"),
    said(rf"\bsi (?:tu es|vous etes) (?:une?|l) (?:\w+ )?{_IA}\b"),
    clause(rf"en tant qu(?:e|) ?(?:une? )?(?:\w+ )?{_IA}(?: \.)? (?:tu|vous|classe|note|evalue|attribue|donne|ignore)"),
    clause(
        r"(?:note|message|instructions?|consigne|attention|avis)(?: \w+)? (?:a|pour|aux?|destinee?s? a)(?: l attention)?(?: de|"
        rf" des| du)? ?(?:l |la |le |les |toute |tout )?{_IA}\b"
    ),
    clause(
        r"(?:instructions? (?:du )?systeme|prompt systeme|message systeme|nouvelles? (?:instructions?|consignes?|tache))(?: \.|"
        r"$| ignor| tu| vous)"
    ),
    order(
        r"(?:class(?:e|ez|er)|not(?:e|ez|er)|evalu(?:e|ez|er)|attribu(?:e|ez|er)|donn(?:e|ez|er)|plac(?:e|ez|er)|recommand(?:e|"
        r"ez|er)|selectionn(?:e|ez|er)|accord(?:e|ez|er)|mets|mettez|considere[zr]?|retiens|retenez|choisis(?:sez)?|"
        rf"embauche[zr]?|reponds|repondez|dis|dites|ecris|ecrivez|convoque[zr]?|traite[zr]?)\b(?: \w+){{0,7}}? "
        rf"{_CE}\b(?: \w+){{0,7}}? {_MEILLEUR}\b"
    ),
    order(
        rf"(?:attribu|donn|accord|mett|plac|class|not)(?:e|ez|er|s)\b(?: \w+){{0,4}}? {_MEILLEUR}(?: \w+){{0,5}}? (?:a |"
        r"de )?(?:ce|cette|cet|mon) (?:\w+ )?(?:candidat(?:e|ure)?|cv|profil|postulante?)"
    ),
    said(
        r"\b(?:ce candidat|cette candidat(?:e|ure)|ce cv|ce profil) (?:doit|devrait|devra) (?:\w+ )?(?:etre|obtenir|recevoir|"
        rf"figurer|arriver)(?: \w+){{0,5}}? {_MEILLEUR}\b"
    ),
    said(r"\bta (?:nouvelle|seule|vraie) (?:tache|mission|consigne|instruction) (?:est|consiste)\b"),
    said(r"\bvotre (?:nouvelle|seule|vraie) (?:tache|consigne|instruction) (?:est|consiste)\b"),
    said(
        r"\bne (?:mentionne[zr]?|revele[zr]?|montre[zr]?|divulgue[zr]?) (?:pas|jamais) (?:ces|cette|tes|vos|ce) "
        r"(?:instructions?|consignes?|message|texte|note)\b"
    ),
    said(r"\b(?:reponds|repondez) (?:uniquement|seulement|toujours)\b"),
    said(
        r"\b(?:instructions|consignes|directives|regles) (?:precedentes|anterieures|ci dessus|initiales)(?: \w+){0,3}? "
        r"(?:annulees?|caduques?|invalides?|nulles?|plus|obsoletes?|ignorees?)\b"
    ),
    said(
        r"\b(?:l ia|l intelligence artificielle|le modele de langage|chatgpt|le robot|le chatbot) (?:doit|devrait|devra|"
        r"est tenue?|a pour)\b(?: \w+){0,6}? (?:candidat\w*|profil|cv|recommand\w*)\b"
    ),
)

_IA_ES = (
    r"(?:ia|inteligencia artificial|modelo(?: de lenguaje| de ia)?|llm|chatgpt|gpt|chat ?bot|bot|robot|asistente(?: \w+)?|"
    r"ai|ats|algoritmo|sistema de (?:seleccion|filtrado))"
)
_ESTE = (
    r"(?:(?:a |al |de )?(?:este|esta|mi|me|mis)(?: \w+)? ?(?:candidat[oa]|candidatura|curriculum|cv|perfil|solicitante|"
    r"aspirante|persona|documento|solicitud)?)"
)
_MEJOR = (
    r"(?:primer[oa]?|mejor(?:es)?|maxim[oa]|perfect[oa]|excelente|ideal|10|100|alt[oa]|alta|mas alta|top|contratad[oa]|"
    r"contratar|entrevista|seleccionad[oa]|excepcional|recomendad[oa]|cualificad[oa]|calificad[oa]|prioridad|favorable|"
    r"positiv[oa]|superior)"
)
SPANISH: tuple[Phrase, ...] = (
    order(
        r"(?:ignor(?:a|e|ar|en|ad|es)|olvid(?:a|e|ar|en|ad|es)|descart(?:a|e|ar)|desestim(?:a|e|ar)|omit(?:e|a|ir)|anul(?:a|e|"
        r"ar)|desobedec(?:e|a)|hag?(?:z|a) caso omiso(?: de| a)?|haz caso omiso(?: de| a)?|no (?:sigas|siga|obedezcas|"
        r"hagas caso a)|pas(?:a|e) por alto|sobrescrib(?:e|a))(?: \w+){0,4}? (?:instruccion(?:es)?|indicacion(?:es)?|ordenes|"
        r"reglas|directrices|comandos|prompts?|criterios|mensajes|directivas)\b(?: \w+){0,3}? (?:anterior(?:es)?|previ[oa]s|"
        r"precedentes|iniciales|del sistema|de arriba|recibid[oa]s|dadas|original(?:es)?)"
    ),
    order(
        r"(?:ignor(?:a|e|ar|en)|olvid(?:a|e|ar|en)|descart(?:a|e|ar)) (?:tod[oa]s?|cualquier) "
        r"(?:\w+ ){0,3}?(?:instruccion(?:es)?|anterior(?:es)?|previ[oa]s?|indicaciones|reglas|ordenes|criterios)\b"
    ),
    said(rf"\b(?:eres|usted es|tu eres)(?: ahora)? (?:una?|el|la) ?(?:\w+ ){{0,2}}?{_IA_ES}\b"),
    said(rf"\bsi (?:eres|usted es) (?:una?) (?:\w+ )?{_IA_ES}\b"),
    clause(
        rf"como (?:una? )?(?:\w+ )?{_IA_ES}(?: \.)? (?:debes|debe|tienes|clasifica|califica|puntua|da|ignora|otorga)\b"
    ),
    clause(
        r"(?:nota|mensaje|instruccion(?:es)?|atencion|aviso|indicaciones)(?: importante)? (?:para|a)(?: la| el| los| las|"
        rf" cualquier| toda| todo)? {_IA_ES}\b"
    ),
    clause(
        r"(?:instruccion(?:es)? del sistema|prompt del sistema|mensaje del sistema|nuevas? (?:instruccion(?:es)?|tarea|"
        r"orden(?:es)?))(?: \.|$| ignora| eres)"
    ),
    order(
        r"(?:clasifi(?:ca|que)|califi(?:ca|que)|puntu(?:a|e)|evalu(?:a|e)|valor(?:a|e)|asign(?:a|e)|otorg(?:a|ue)|da|dale|dele|"
        r"de|recomiend[ae]|seleccion(?:a|e)|coloc(?:a|que)|pon|ponga|consider(?:a|e)|elig(?:e)|elij[ae]|contrat(?:a|e)|"
        r"respond(?:e|a)|di|diga|escrib(?:e|a)|trat(?:a|e)|invit(?:a|e)|marc(?:a|que)|prioriz(?:a|ue)|prioric(?:a|"
        rf"e))\b(?: \w+){{0,7}}? {_ESTE}\b(?: \w+){{0,7}}? {_MEJOR}\b"
    ),
    order(
        rf"(?:asign(?:a|e)|otorg(?:a|ue)|da|dale|dele|pon|conced(?:e|a))\b(?: \w+){{0,4}}? {_MEJOR}(?: \w+){{0,5}}? (?:a |al |"
        r"de )(?:este|esta|mi) (?:\w+ )?(?:candidat[oa]|candidatura|curriculum|cv|perfil|solicitante|aspirante|solicitud)"
    ),
    said(
        r"\b(?:este candidato|esta candidat[oau]\w*|este (?:curriculum|cv|perfil)|esta solicitud) (?:debe|deberia|tiene que) "
        rf"(?:\w+ )?(?:ser|obtener|recibir|quedar|estar)(?: \w+){{0,5}}? {_MEJOR}\b"
    ),
    said(r"\btu (?:nueva|unica|verdadera) (?:tarea|instruccion|mision|orden|funcion) es\b"),
    said(
        r"\bno (?:menciones|reveles|muestres|divulgues|mencione|revele) (?:nunca )?(?:estas|esta|este|tus) (?:instrucciones|"
        r"instruccion|mensaje|texto|nota)\b"
    ),
    said(r"\brespond(?:e|a) (?:solo|unicamente|siempre|solamente)\b"),
    said(
        r"\b(?:instrucciones|indicaciones|ordenes|reglas|directrices) (?:anteriores|previas|iniciales|"
        r"de arriba)(?: \w+){0,3}? (?:anuladas|invalidas|canceladas|efecto|no|obsoletas|ignoradas|validas)\b"
    ),
    said(
        r"\b(?:la ia|la inteligencia artificial|el modelo de lenguaje|chatgpt|el bot|el chatbot|el sistema) (?:debe|"
        r"deberia|tiene que|ha de)\b(?: \w+){0,6}? (?:candidat\w*|perfil|cv|curriculum|recomendar|aspirante)\b"
    ),
)

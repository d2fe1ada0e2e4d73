"""The words by which sites name a weighting or a contrast agent, as regular expressions.

Words are searched in the plain description: lower case, accents and separators removed, so that
``T1_mprage-sag (après gado)`` reads ``t1 mprage sag apres gado``.
"""

# A number before T1 or T2 is a dimension or a plane; one after it makes another word (t10, t12).
T1_WORDS = (
    r"(\b|ax|sag|cor|tra|[23]d)t1(?!\d)|mp ?rage|\bmpr\b|bravo|spgr|\btfl"
    r"|vibe\b|\blava\b|\bthrive\b"
)
T2_WORDS = r"(\b|ax|sag|cor|tra|[23]d)t2(?!\d)"
FLAIR_WORDS = r"flair|\bda(rk)? ?fl(uid)?\b|fluid att"
PROTON_DENSITY_WORDS = r"\bpd\b|\bpd ?w|\bdp\b|\bproton|\bdensit"

# English, German, French, Spanish, Portuguese, Italian, Dutch, the Scandinavian languages, Polish,
# Czech, Turkish, and what technologists abbreviate.
_AGENT = (
    r"(i ?v )?(contrast\w*|kontras[tc]\w*|gd\w*|gad\w*|km\b|mdc\b|mezzo\w*|injection|iniezione"
    r"|inj\b|enhance\w*|agent|c\b|mc\b|civ\b)"
)
WITHOUT_AGENT = (
    r"\b(pre|without|w ?o|ohne|sans|senza|sem|sin|non?|not|avant|antes|prima|vor|before|zonder|voor"
    r"|uten|uden|utan|fore|for|foer|innan|ilman|ennen|bez|przed|pred|oncesi)"
    rf"( de?l?)? ?{_AGENT}"
    r"|\bpre\b|\bnati(v|f)\w*|\bunenhanced|\bplain\b|\bbasale?\b|\bs ?c\b"
    r"|\b[ck]ontrast ?(s[iu]?z|los|frei|less|free|oncesi|vrij|fri)\w*"
)
WITH_AGENT = (
    rf"\b(post|after|with|w|nach|mit|apres|avec|dopo|con|com|tras|pos|met|na|med|efter"
    rf"|etter|po|se?) ?{_AGENT}"
    r"|\bpost(?! ?(fossa|op|erior))\w*|\bcontrast\w*|\bkontrast\w*|\bgd\b"
    r"|\bgd ?dtpa|\bgado\w*|\bgad\b"
    r"|\bkm\b|\bmdc\b|\bmezzo|\binjec\w*|\biniez\w*|\benhanced|\bdotarem|\bprohance|\bmultihance"
    r"|\bmagnevist|\bclariscan|\+ ?(c|gd|km|k)\b|\bc ?\+|t1w?(c|ce|gd|km)\b|\bce\b|\bcivs?\b"
)
# Words that may stand before a lone "contrast" and say nothing of it.
_NEUTRAL = (
    r"(t1\w*|ax\w*|sag\w*|[ck]or\w*|tra\w*|t?se|fse|gr?e|fs|fat ?sat|sat|spir|[23]d|iso\w*|mpr\w*"
    r"|mp ?rage|bravo|f?spgr|vibe|t?f[fl]e|space|cube|flair|head|brain|kopf|schadel|w|wi|i ?v|\d+"
    r"|post|after|with|nach|mit|apres|avec|dopo|con|com|tras|pos|met|na|med|efter|etter|po|se?)"
)
UNKNOWN_BEFORE_AGENT = rf"\b(?!{_NEUTRAL} )\w+ [ck]ontras[tc]"
# Both states at once, and a lone C that may have been +C or -C.
UNCLEAR_AGENT = (
    r"\bt1w? c\b"
    r"|\b(w|with|mit|avec|con)( and| und| et| e| y)? (w ?o|without|ohne|sans|senza|sin)\b"
)
MINUS_AGENT = r"(?<=\s)-\s?(c|gd|km|k)\b|\bc-(?!\w)"

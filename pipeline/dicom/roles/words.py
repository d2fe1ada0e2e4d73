"""The words that name a weighting or a contrast agent's presence, declared as tables.

Words are searched in the plain description: lower case, accents and separators removed, so that
``T1_mprage-sag (après gado)`` reads ``t1 mprage sag apres gado``. For an agent, what is joined to
the weighting stands apart: ``T1POST`` reads ``t1 post``.
"""

# A number before T1 or T2 is a dimension; letters are a plane or a vendor's prefix (sT1W, eT2W).
_BEFORE = r"(\b([sed]|ir|fs|gd|obl|wip)?|ax|sag|cor|tra|[23]d)"
# A digit after T1 or T2 makes another word (t10, t12).
T1_WORDS = (
    rf"{_BEFORE}t1(?!\d)|mp ?rage|\bmpr\b|bravo|spgr|\btfl"
    r"|vibe\b|\blava\b|\bthrive\b"
)
T2_WORDS = rf"{_BEFORE}t2(?!\d)"
FLAIR_WORDS = r"flair|\bda(rk)? ?fl(uid)?\b|fluid att"
PROTON_DENSITY_WORDS = r"\bpd\b|\bpd ?w|\bdp\b|\bproton|\bdensit"

# English, German, French, Spanish, Portuguese, Italian, Dutch, the Scandinavian languages, Polish,
# Czech, Turkish, and what technologists abbreviate.
JOINED = r"(t1(?:wi?)?+|mprage|bravo|spgr)(?!c\b|ce\b)(?=[a-z])"
_BRANDS = (
    r"dotarem|dotagraf|dotavision|clariscan|cyclolux|prohance|multihance|magnevist|magnegita"
    r"|magnograf|omniscan|optimark|vueway|elucirem|gadavist|gadovist"
)
_CONTRAST = r"contrast\w*|kontras[tc]\w*|contr\b|kontr\b"
_AGENT = (
    rf"(i ?v )?({_CONTRAST}|gd\w*|gad\w*|{_BRANDS}|k ?m\b|kl\b|mdc\b|m d c\b|pdc\b|mezzo\w*"
    r"|inj(ec\w*)?\b|iniez\w*|enh\b|enhance\w*|agent|cont?\b|m?c\b|civ\b|i ?v( ?km)?\b)"
)
# S/ is sans, sin, sem or senza before a Romance word, and "with" in Czech.
_ROMANCE = r"(contrast[eo]\b|mdc\b|m d c\b|civ\b|inj(ec\w*)?\b|iniez\w*|pdc\b)"
# What else "pre" and "post" may be said of: an operation, a treatment, a part of the head.
_COURSE = (
    r"(op(s|er\w*)?\b|surg|chir|resec|biops|bx\b|rtx?\b|tx\b|trt\b|srs\b|gk\b|litt\b|radi(o|at)"
    r"|chem|chim|treat|therap|trait|fossa|erior|proc|proz|trauma|ictal)"
)
WITHOUT_AGENT = (
    r"\b(pre|without|w ?o|ohne|sans|ss|senza|sem|sin|non?|not|avant|antes|prima|vor|before|zonder"
    r"|voor|uten|uden|utan|fore|for|foer|innan|ilman|ennen|bez|przed|pred|oncesi|ej|ikke|icke|inte"
    rf"|kein\w*|geen|ingen|brak)( de?l?| podaniem)? ?{_AGENT}"
    rf"|\bs {_ROMANCE}|\b[ou] ({_CONTRAST})|\b[ouv] (k ?m|gd|gad\w*)\b|\b(u|uden|uten|utan|bez) k\b"
    rf"|\b[ov]km\b|\bk ?m ?(frei|los)\w*|\bpre\b(?! ?{_COURSE})|(?<!\bw )(?<!and )\bw ?o$"
    r"|\bnat(iv|if|yw)\w*|\bunenh\w*|\bplain\b|\bbasale?\b|\bblanco\b|\bs ?c\b"
    r"|\b[ck]ontrast ?(s[iu]?z|los|frei|less|free|oncesi|vrij|fri|yok)\w*"
)
WITH_AGENT = (
    rf"\b(post|after|with|w|nach|mit|apres|avec|dopo|con|com|tras|pos|met|na|med|efter"
    rf"|etter|po)( podaniu)? ?{_AGENT}|\b(po|med|efter|etter|m) k\b|\bs kl\b"
    rf"|\b[mn] ?km\b|\bc ({_ROMANCE}|gd\b|gad\w*)|\bc c\b"
    rf"|\bpost(?! ?{_COURSE})\w*|\bcontrast\w*|\bkontrast\w*|\b[ck]ontr\b"
    r"|\bgd\b|\bgd ?dtpa|\bgado\w*|\bp ?ga?d\b|\bgad\b"
    rf"|\bk ?m\b|\bivkm\b|\bmdc\b|\bm d c\b|\bpdc\b|\bmezzo|\binj(ec\w*)?\b|\biniez\w*"
    rf"|\benh\b|\benhanced|\b({_BRANDS})\b"
    r"|\+ ?(c|gd|gad|gado|km|k|inj|iv|mdc)\b|\bc ?\+|t1w?(c|ce|gd|km)\b|\bce\b|\bcivs?\b"
)
# Words that may stand before a lone "contrast" and say nothing of it.
_NEUTRAL = (
    r"(t1\w*|ax\w*|sag\w*|[ck]or\w*|tra\w*|t?se|fse|gr?e|fs|fat ?sat|sat|spir|[23]d|iso\w*|mpr\w*"
    r"|mp ?rage|bravo|f?spgr|vibe|t?f[fl]e|space|cube|flair|head|brain|kopf|schadel|w|wi|i ?v|\d+"
    r"|post|after|with|nach|mit|apres|avec|dopo|con|com|tras|pos|met|na|med|efter|etter|po|se?"
    r"|podaniu|[cmn]|z(?= kontrastem))"
)
UNKNOWN_BEFORE_AGENT = (
    rf"\b(?!{_NEUTRAL} )\w+ [ck]ontras[tc]|\b[aez] (gd|gad\w*|km|mdc|inj\w*|i ?v)\b"
    r"|\bs (gd|gad\w*|contrast)\b"
)
# Both states at once, and a lone C that may have been +C or -C.
UNCLEAR_AGENT = (
    r"\bt1w? c\b(?!( c\b| ?\+| contrast[eo]\b| gd\b| gad| mdc\b))|\bc s\b"
    r"|\b(w|with|mit|avec|con)( and| und| et| e| y)? (w ?o|without|ohne|sans|senza|sin)\b"
)
# What may stand for an agent, or for something else: p.c., p.i., i.v., a late phase, T1+.
HINT_OF_AGENT = (
    r"\bp ?[cgi]\b|\b[ei] ?v\b|\bkl\b|(?<!\d )\bcm\b|\bdelay\w*|\blate\b|\bspat\b|\btardi\w*"
    r"|\b\d+ ?min\b|\bpost ?(rt|tx)\b|\+( |$)|\b(c|with|mit|avec)$"
)
MINUS_AGENT = r"(?<=\s)-\s?(c|gd|km|k)\b|\bc-(?!\w)"
# A series made again, as the first was bad.
REPEAT = (
    r"\b(repeat\w*|rep|rpt|redo|again|bis|wdh\w*|wiederh\w*|repet\w*|ripet\w*|herhal\w*|gentag\w*"
    r"|gjenta\w*|omtag\w*|powt\w*|opak\w*|tekrar\w*)\b"
)
FAT_SUPPRESSED = r"\b(fs|fat ?sat\w*|fat ?supp\w*|spair|spir|chess|fett ?sat\w*|sat ?graisse)\b"

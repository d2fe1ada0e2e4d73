"""The kinds of series that never take a role, declared as one table.

Words are searched in the plain description: lower case, accents and separators removed, so that
``T1_mprage-sag (après gado)`` reads ``t1 mprage sag apres gado``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Exclusion:
    """A kind of series that is never a T1, T1c, T2 or FLAIR of the whole head.

    Attributes
    ----------
    kind : str
        Said to the user.
    words : str
        Regular expression, searched in the plain description.
    image_type : frozenset of str
        Image Type terms that say the same, as standard and vendors write them.
    """

    kind: str
    words: str
    image_type: frozenset[str] = frozenset()


def _terms(text: str) -> frozenset[str]:
    return frozenset(text.split())


EXCLUSIONS = (
    Exclusion(
        "localizer",
        r"\bloc\b|locali[sz]\w*|scout|survey|3 ?pl(ane)?\b|topogra|\bpilot|ubersicht|smartbrain"
        r"|aahead|auto ?align|reperage|\brepere",
        _terms("LOCALIZER SCOUT"),
    ),
    Exclusion(
        "diffusion",
        r"\bdw[i]?\b|\bdti\b|\bdiff(usion|usione|usie|\b)|\be?adc\b|tracew?\b|\bb ?[1-9]\d{2,3}\b"
        r"|\b(col)?fa\b|tensor|hardi|noddi|ivim|\bdki\b|difusion|\bep2d|\bepi\b|\bresolve\b",
        _terms("DIFFUSION ADC EADC FA TRACEW TRACE TENSOR DIFFUSION_ANISO AVDC"),
    ),
    Exclusion(
        "perfusion",
        r"perf|\bdsc\b|\bdce\b|asl\b|\brel ?cb[fv]|\br?cb[fv]\b|\bmtt\b|\bttp\b|tmax|ktrans"
        r"|\bbolus|\btwist|\bdyn|4d\b",
        _terms("PERFUSION ASL RCBF RELCBF CBF CBV RCBV MTT TTP TTEST PERFUSION_FFE PERFUSION_ASL"),
    ),
    Exclusion(
        "susceptibility-weighted or T2*",
        r"\bswi|swan|\bswip|venobold|t2 ?(\*|stern|etoile|star|s\b)|\bhemo|\bhaem|\bmedic\b|\bqsm\b"
        r"|t2 ?(w )?(fl2d|fl3d|ffe|fle|gre|ge)\b",
        _terms("SWI SWIP T2_STAR T2_STAR_MAP QSM SWAN"),
    ),
    Exclusion(
        "functional",
        r"\bbold\b|fmri|\bresting|\brest\d|\btask",
        _terms("FMRI MOSAIC MOCO"),
    ),
    Exclusion(
        "field map or calibration",
        r"field ?map|gre field|\bb[01]\b|\bshim|calib|\bcal\b|asset|sense ?ref|ref ?scan|coil ?s",
        _terms("B0 B1 FIELD_MAP FIELDMAP B0_MAP B1_MAP"),
    ),
    Exclusion(
        "phase, real or imaginary part",
        r"\bphase\b|\bpha\b|\bimaginary\b",
        _terms("P PHASE R REAL I IMAGINARY PHASE_MAP VELOCITY FLOW_ENCODED"),
    ),
    Exclusion(
        "angiography or flow",
        r"\btof|angio|\bmr[av]\b|venogr|\bflow\b|inhance|willis|time of flight|phase contrast"
        r"|\bpca\b",
        _terms("TIME_OF_FLIGHT TOF MAX_IP ANGIO"),
    ),
    Exclusion(
        "projection",
        r"\bmini?p\b|\bmip\b|\bproj|\bmax ip|\bmin ip",
        _terms("MIP MINIP MIN_IP MNIP MEAN_IP PROJECTION PROJECTION_IMAGE"),
    ),
    Exclusion("subtraction", r"\bsub(s|tr\w*)?\b|subtra[ck]", _terms("SUB SUBTRACTION")),
    Exclusion("spectroscopy", r"\bsvs\b|\bcsi\b|spe[ck]tro|\bmrs\b", _terms("SPECTROSCOPY")),
    Exclusion(
        "map or quantitative image",
        r"\bt[12] ?rho|\bmaps?\b|mapping|relaxometr|synthetic|symri|\bmagic\b|mp2rage|\bcest\b"
        r"|\bapt\b|elasto",
        _terms("T1_MAP T2_MAP MAP PARAMETRIC UNI_IMAGE"),
    ),
    Exclusion(
        "other contrast (STIR, double or phase-sensitive inversion, cisternography)",
        r"\bstir\b|\bpsir\b|\bdir\b|double ir|double inversion|\bciss\b|fiesta|true? ?fi"
        r"|\bb ?(t)?ffe|\bdrive\b|cisterno",
        _terms("STIR TAGGING"),
    ),
    Exclusion(
        "part of the head, or another region",
        r"spine|\bspinal|\b[hbl]ws\b|rachis|cervical|lumbar|thora|\borbit|\biac\b|\bcai\b|inner ear"
        r"|innenohr|hippo|\bsella|pituit|hypophy|hipofis|ipofis|\bneck|\bhals|\bknee|felsenbein"
        r"|temporal bone",
    ),
    Exclusion(
        "fat or opposed-phase part of a Dixon acquisition",
        r"\bfat ?only|opp(osed)? ?ph|out of phase",
        _terms("FAT OPP_PHASE OUT_PHASE"),
    ),
    Exclusion(
        "screen or report",
        r"report|phoenix|screen ?s|\bcapture",
        _terms("SCREEN_SAVE SECONDARY_CAPTURE"),
    ),
)

# Image Type 1 says DERIVED for all of these, and for reformatted or averaged images too.
DERIVED = _terms("DERIVED REFORMATTED")

OTHER_BODY_PARTS = (
    r"spine|neck|chest|thorax|abd|pelv|heart|breast|knee|hip|should|ankle|liver|prost|leg|arm"
)

"""Word lists about English and Latin words inside Chinese academic text.

Written for this project from the conventions of Chinese scientific writing: which foreign
words stay as they are (units, Latin phrases, particles of names), and which never should.
"""

from __future__ import annotations

import re

__all__ = [
    "FUNCTION_WORDS",
    "KEPT_PHRASES",
    "KEPT_WORDS",
    "LABELS",
    "OPENERS",
    "PARTICLES",
    "UNITS",
    "binomial_epithet",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNITS = _words(
    """
    mg kg ug mcg ng pg fg cm mm um nm pm km dm ml dl ul nl cl mol mmol umol nmol pmol fmol
    min mins sec secs msec ms ns ps hr hrs wk wks yr yrs mo kcal cal kj kpa pa hpa mpa mbar bar torr
    mmhg psi atm hz khz mhz ghz db dba ev kev mev gev kw mw gw kwh mwh mv ma kv ppm ppb ppt
    bp kbp kb mb gb tb kda da mda cfu pfu rpm rcf iu miu lb lbs oz ft yd mph kph mah
    rad gy cgy sv msv bq mbq gbq ci mci lux lx lm cd px dpi bpm wt vol vv wv aq eq meq mosm osm
    cp cps fps kbps mbps gbps deg arcsec pc kpc mpc au ly dex gal bbl ha sq cc pts pt
    """
)
"""Unit symbols in lower case, as they stand in Chinese text beside a number."""

KEPT_PHRASES = re.compile(
    r"(?<![A-Za-z])(?:et\s?al|in\s?(?:vitro|vivo|situ|silico|utero|ovo|planta|cellulo|extenso|toto)"
    r"|ex\s?(?:vivo|situ|ante|post)|de\s?(?:novo|facto|jure)|ad\s?(?:libitum|lib|hoc)|per\s?(?:se|os)"
    r"|a\s?(?:priori|posteriori)|post\s?(?:hoc|mortem)|status\s?quo|sensu\s?(?:stricto|lato)"
    r"|nomen\s?\w+|gen\.?\s?nov|comb\.?\s?nov|sp\.?\s?nov|vice\s?versa|i\.\s?e|e\.\s?g"
    r"|cf|ca|viz|etc|vs|versus|via|sp|spp|subsp|var|cv|pv|ssp|sic|ibid|op\.?\s?cit)(?![A-Za-z])",
    re.IGNORECASE,
)
"""Latin phrases and abbreviations that Chinese papers keep."""

KEPT_WORDS = _words(
    """
    app apps wifi wi-fi web bug cookie ping blog vlog email e-mail log ln lg lim exp sin cos tan max
    min mean sd se ci hr rr df std sig obs ref refs fig figs no nos vol pp
    cis trans ortho meta para tert iso sec syn anti endo exo rac
    arg cys ser thr asn asp gln glu gly ile leu lys phe pro trp tyr val ala
    url http https www html pdf csv json xml sql bash linux python java perl matlab
    limma lme4 numpy scipy pandas sklearn ggplot lavaan metafor glmnet
    pylori coli aureus elegans cerevisiae thaliana sapiens melanogaster musculus
    lac gag pol env nef tat vif vpr vpu src ras raf myc jun abl bcl bax ret
    """
)
"""Lower-case words that stay Latin: net words, functions, residues, genes, species, packages."""

PARTICLES = _words(
    """
    van von der den de di da do du des del della dei degli dal la le les el los las al bin ibn
    ben abu zu zum zur und et e y i o en av af og och the of and in on at for to with by an a
    from or is my your our à dos das
    """
)
"""Small words that stand inside names and titles between capitalised words."""

FUNCTION_WORDS = _words(
    """
    a an the of and or but in on at for to with by from as is are was were be been being
    this that these those it its they their we our he she his her you your not no nor if
    then than which who whom whose what when where while although because however also such
    has have had do does did can could may might will would shall should must between among
    after before during into through over under about against without within per both each
    all any some most more less other there here how why so very using used
    """
)
"""English function words: in Chinese text they are never a name on their own."""

LABELS = _words(
    """
    abstract background introduction aim aims objective objectives purpose goal methods method
    design setting participants patients subjects materials results result findings measurements
    discussion conclusion conclusions interpretation significance limitations keywords funding
    importance interventions intervention summary however moreover furthermore therefore thus
    additionally finally overall similarly conversely meanwhile nevertheless
"""
)
"""Words that stand alone as a heading or as the first word of an abstract's sentence."""

OPENERS = LABELS | _words(
    """
    few many several numerous most some various multiple different similar recent previous
    current early late high low large small long short new novel old good poor strong weak rare
    scarce sparse common severe mild acute chronic available limited little increased decreased
    reduced elevated enhanced impaired higher lower greater better worse further future existing
    human animal male female young adult elderly healthy infected treated
    studies study research evidence data analysis analyses trials reviews literature
    children adolescents adults infants women men people individuals students teachers workers
    physicians nurses clinicians researchers scientists authors animals cells tissues samples
    water soil air food drugs plants insects genes proteins levels rates
    compared based given using according despite since unlike unless until within without
    here there these those this that they both all each every
    """
)
"""Common first words of English academic sentences: there a capital makes no name of them."""

_EPITHET = re.compile(r"[a-z]{2,18}(?:us|um|is|ae|ii|i|a|ans|ens|ax|ix|ex|or|oides|osa|ia|yi|es|o)")
_NO_EPITHET = re.compile(
    r".*(?:oma|emia|aemia|itis|osis|asis|virus|opathy|plasia|trophy|uria|algia|phobia|mania"
    r"|tor|sor|lor|ties|ses|ces|nes|tes|res|les|ges|ves|des|ies|xes|mes|kes|hes|pes|vis)"
)
_NO_EPITHET_WORDS = _words(
    """
    virus viruses status consensus focus plus versus stimulus locus corpus genus thesis basis
    analysis synthesis hypothesis diabetes criteria data area media formula schema idea via drama
    dementia bacteria anemia asthma plasma serum spectrum maximum minimum optimum medium factor
    tumor tumour color donor prior major minor error actor author index complex matrix suffix
    diagnosis prognosis pneumonia leukemia hypoxia ataxia dystonia insomnia arrhythmia anesthesia
    this his is gala pizza opera camera agenda or for her no so to do go into also who two radio
    video audio ratio zero photo memo auto trio studio portfolio scenario taxi ski
    """
)


def binomial_epithet(word: str) -> bool:
    """Whether a lower-case word may be the second half of a species name, by its Latin ending."""
    return (
        _EPITHET.fullmatch(word) is not None
        and word not in _NO_EPITHET_WORDS
        and (_NO_EPITHET.fullmatch(word) is None or word.endswith("culosis"))
    )

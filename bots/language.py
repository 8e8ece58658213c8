"""A first guess of a message's language, enough to choose the bot's own words.

By script, then by short lists of marker words; pure. Unmarked messages ("ok", "😀", "Casablanca")
keep the language that the user had before.
"""

import re
from typing import Literal, get_args

Language = Literal["ary", "ary-Latn", "ar", "fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "ary"

_ARABIC_LETTER = re.compile(r"[\u0620-\u064A\u066E-\u06D3]")
_LATIN_LETTER = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ]")
_MARKS = re.compile(r"[\u0640\u064B-\u0652\u0670]")  # tatweel and vowel signs
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NOT_PROSE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|(?:https?://|www\.)\S+|\S+@\S+", re.DOTALL)

_DARIJA = frozenset(
    """واش شنو شنوة شنا آش اش أش علاش كيفاش فين فاين منين إمتى امتى فوقاش شحال بشحال بزاف شوية
    ديال ديالي ديالك ديالو ديالها ديالنا ديالكم دابا دبا بغيت بغينا بغا بغات بغيتي عندي عندك عندو
    كاين كاينة كاينين ماكاينش مكاينش راه راني راك راها غادي هاد هادي هادو داك ديك حيت باش واخا
    وخا عافاك عفاك صافي زوين زوينة مزيان مزيانة لاباس كيداير كيدايرة خويا ختي صاحبي دراري لقيت
    صيفط صيفطو جيب عطيني قوليا ليا معايا بلاش فابور ماشي جوج تلاتة لهيه تما سمحليا نتا نتي نتوما
    حنا هوما ديما دغيا بحال شي والو أجي اجي شكون كلشي""".split()
)
_DARIJA_SHAPE = re.compile(r"^(?:م|ما)\w{2,}ش$|^(?:كن|كي|كان|تان|غان|غن|غت|غي)(?!ف)\w{3,}$")
_STANDARD = frozenset(
    """ماذا لماذا هل أين متى الذي التي الذين هذا هذه ذلك تلك ليس ليست سوف أريد اريد يمكن يمكنني
    يمكنك أستطيع نحن أنتم لدي لديك لديكم لقد إلى الى عندما لكن أيضا أيضًا جدا جدًا يجب ينبغي
    أرجو ارجو أود كانت يكون تكون حول خلال لأن بعض لم لن إن أن كم هي هو كيف بكم
    سعر أسعار أسأل أحتاج أبحث أعطني استفسار متوفر متوفرة لديكم فضلكم""".split()
)
_STANDARD_SHAPE = re.compile(r"^(?:ست|سأ|سن|أست)\w{3,}$")
_TANWIN = "\u064b"  # hardly ever written in Darija
_ARABIZI = frozenset(
    """wach wash chno chnou chnowa shno ash ach 3lach 3lash kifach kifash fin fayn mnin imta fo9ach
    ch7al chhal bch7al bchhal bzaf bezzaf chwiya chwia dyal dial dyali dyalek diali dialek daba
    bghit bghina bgha bghiti 3ndi 3ndek 3andi 3andek andi 3ndkom kayn kayna kaynin makaynch rah
    rani rak ghadi ghir had hadi hado dak dik 7it 7itach bach wakha 3afak afak safi zwin zwina
    mezyan mzyan mezyana labas labass kidayr kidayra khoya khouya khti sahbi sa7bi drari derham
    7ta hta 7aja haja lwa9t sifet sift jib 3tini lia liya lik m3aya machi mashi wa7d wahd jouj juj
    hna temma tema smeh smehli sme7 lay tbarkellah nta nti ntoma hna homa dima deghya b7al bhal
    chi walo walou sir aji salam slm salamo choukran chokran shokran chukran mer7ba merhba bslama
    kif dir diro 7anout lmaghrib inchallah hamdollah hamdulillah wlh wllah ewa iwa yak
    ila ina mat3refch ma3reftch chkon chkoun shkon fash fach dyalna dialkom
    w wla ola taman tmn fabor zid kifesh shhal shal chhal""".split()
)
_ARABIZI_SHAPE = re.compile(
    r"^ma[^\W\d_]{2,}ch$|^(?:ka|kat|kan|kay|tan|tay|ghan|ghat|ghay)[bcdfghjklmnqrstwxyz]\w{2,}$"
)
# A digit that stands for an Arabic letter: inside a word, or before it. Not 15h30, 3G, mp3, 2nd.
_DIGIT_LETTER = re.compile(
    r"[a-z]{2,}[235789]+[a-z]|[a-z][3579][a-z]+|^[3579][a-z]{2,}|[a-z]{2,}[379]$"
)
_NOT_ARABIZI = re.compile(
    r"^\d+(?:h\d*|st|nd|rd|th|g|d|k|km|kg|mb|gb|ml|cm|mm|am|pm|x|eme|ème|dh|mad)$|^mp[34]$"
)
_FRENCH = frozenset(
    """le la les un une des du de et est c'est je j'ai tu vous nous il elle on ne pas que qui quoi
    quel quelle quels quelles comment combien où pourquoi quand avec pour dans sur sans chez mon ma
    mes votre vos notre nos bonjour bonsoir salut merci svp stp oui non ou mais aussi très bien
    avez avoir êtes être suis sont peux pouvez puis voudrais veux voulez faire prix livraison
    commande commander horaires ouvert ouverte fermé acheter s'il plaît plait d'accord ça ca cher
    l'adresse magasin aujourd'hui demain coûte coute dispo""".split()
)
_ENGLISH = frozenset(
    """the a an and is are am i i'm you he she it we they do does did don't not what which who how
    much many where why when with for in on at to from of my your our hello hi hey thanks thank
    please yes no or but also very good have has can could would want need like this that these
    price open closed delivery order buy shop store address today tomorrow there any me be will
    pls plz u r real""".split()
)

_FRENCH_SHAPE = re.compile(r"[àâçèéêëîïôùûœ]|^(?:[cdjlmnst]|qu)'\w")
_ENGLISH_SHAPE = re.compile(r"\w{3,}ing$|\w(?:'re|'ll|'ve|n't)$")


def guess(text: str, otherwise: str = "") -> Language:
    """The likeliest language of a message; `otherwise` (a tag) when nothing tells."""
    prose = _MARKS.sub("", _NOT_PROSE.sub(" ", text)).lower().replace("’", "'")
    words = _WORD.findall(prose)
    before = known(otherwise)
    if len(_ARABIC_LETTER.findall(prose)) >= max(1, len(_LATIN_LETTER.findall(prose)) / 2):
        return _guess_arabic(words, before, tanwin=_TANWIN in text)
    return _guess_latin(words, before)


def known(tag: str) -> Language:
    """The nearest of our languages for a BCP 47 tag: `fr-MA` is fr, `ar-MA` ary, `` the default."""
    if tag in LANGUAGES:
        return tag
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] in ("ary", "ar") and "latn" in parts:
        return "ary-Latn"
    if parts == ["ar", "ma"]:
        return "ary"
    return parts[0] if parts[0] in LANGUAGES else DEFAULT


def _guess_arabic(words: list[str], before: Language, tanwin: bool) -> Language:
    darija = sum(word in _DARIJA or bool(_DARIJA_SHAPE.search(word)) for word in words)
    standard = tanwin + sum(map(_is_standard, words))
    if darija != standard:
        return "ary" if darija > standard else "ar"
    return before if before in ("ary", "ar") else DEFAULT


def _guess_latin(words: list[str], before: Language) -> Language:
    scores: dict[Language, float] = {
        # People write French words inside Arabizi: its own words weigh more.
        "ary-Latn": 2 * (sum(map(_is_arabizi, words)) + _negations(words)),
        "fr": sum(word in _FRENCH or bool(_FRENCH_SHAPE.search(word)) for word in words),
        "en": sum(word in _ENGLISH or bool(_ENGLISH_SHAPE.search(word)) for word in words),
    }
    best = max(scores.values())
    if best == 0:
        return before
    winners = [language for language, score in scores.items() if score == best]
    return before if before in winners else winners[0]


def _negations(words: list[str]) -> int:
    """`ma fhemtch`: Darija denies around the verb, also when it is written in two words."""
    pairs = zip(words, words[1:], strict=False)
    return sum(first == "ma" and second[-2:] in ("ch", "sh") for first, second in pairs)


def _is_standard(word: str) -> bool:
    bare = word[1:] if word[0] in "وف" else word  # "and", "so"
    return word in _STANDARD or bare in _STANDARD or bool(_STANDARD_SHAPE.search(word))


def _is_arabizi(word: str) -> bool:
    if word in _ARABIZI or _ARABIZI_SHAPE.search(word):
        return True
    return bool(_DIGIT_LETTER.search(word)) and not _NOT_ARABIZI.search(word)

"""What the model is asked when a shortcut is used; the bot's own words are in the catalog."""

from bots.language import Language

SUMMARISE: dict[Language, str] = {
    "ary": "لخص ليا هاد الهضرة بالدارجة فنقط قصيرة:",
    "ary-Latn": "Lekhes lia had lhedra b darija b 7rouf latiniya f no9at 9sira:",
    "ar": "لخّص لي هذا الحوار بالعربية في نقاط قصيرة:",
    "fr": "Résume cette discussion en français, en quelques points courts :",
    "en": "Summarise this discussion in English, in a few short points:",
}
TRANSLATE: dict[Language, str] = {
    "ary": "ترجم هاد النص للدارجة المغربية، وعطيني غير الترجمة:",
    "ar": "ترجم هذا النص إلى العربية الفصحى، واكتب الترجمة فقط:",
    "fr": "Traduis ce texte en français, donne seulement la traduction :",
    "en": "Translate this text into English, give the translation alone:",
}

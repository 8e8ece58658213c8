"""What the bot says about its commands, in the same five languages as bots/words.py.

A place in braces is filled by `phrase`; a phrase never holds anything that a user wrote.
"""

from collections.abc import Mapping
from typing import Literal

from bots.language import Language, known

Phrase = Literal[
    "welcome", "help", "unknown_command", "new", "nothing_to_stop",
    "choose_model", "model_is", "no_such_model", "choose_language", "language_is",
    "follow_me", "settings", "nothing_to_export", "export", "forgotten", "not_admitted",
    "admins_only", "text_only", "thanks", "in_line", "regenerate", "languages",
    "only_last", "in_group",
]  # fmt: skip
Texts = dict[Language, str]

# What each language calls itself, on its button.
LANGUAGE_NAMES: Texts = {
    "ary": "الدارجة",
    "ary-Latn": "Darija (3arabizi)",
    "ar": "العربية",
    "fr": "Français",
    "en": "English",
}

PHRASES: dict[Phrase, Texts] = {
    "welcome": {
        "ary": "مرحبا بيك! أنا مرسال. كتب ليا شنو بغيتي وغادي نجاوبك.",
        "ary-Latn": "Mer7ba bik! Ana Mersal. Kteb lia chno bghiti w ghadi njawbek.",
        "ar": "مرحبًا بك! أنا مرسال. اكتب لي ما تريد وسأجيبك.",
        "fr": "Bienvenue ! Je suis Mersal. Écrivez-moi ce que vous voulez, je vous réponds.",
        "en": "Welcome! I am Mersal. Write me what you want and I will answer.",
    },
    "help": {
        "ary": "كتب ليا بالدارجة ولا بالعربية ولا بالفرنسية ولا بالإنجليزية. وهادو الأوامر:",
        "ary-Latn": "Kteb lia b darija, l3arbiya, français wla english. W hado les commandes:",
        "ar": "اكتب لي بالدارجة أو العربية أو الفرنسية أو الإنجليزية. وهذه الأوامر:",
        "fr": "Écrivez-moi en darija, en arabe, en français ou en anglais. Les commandes :",
        "en": "Write to me in Darija, Arabic, French or English. The commands:",
    },
    "unknown_command": {
        "ary": "هاد الأمر ما كنعرفوش.",
        "ary-Latn": "Had la commande ma kan3refhach.",
        "ar": "لا أعرف هذا الأمر.",
        "fr": "Je ne connais pas cette commande.",
        "en": "I do not know this command.",
    },
    "new": {
        "ary": "صافي، بدينا محادثة جديدة. شنو بغيتي؟",
        "ary-Latn": "Safi, bdina mo7adata jdida. Chno bghiti?",
        "ar": "حسنًا، بدأنا محادثة جديدة. ماذا تريد؟",
        "fr": "D'accord, on repart de zéro. Que voulez-vous ?",
        "en": "All right, a new conversation. What would you like?",
    },
    "nothing_to_stop": {
        "ary": "ما كاين حتى جواب باش نحبسو.",
        "ary-Latn": "Ma kayn 7ta jawab bach n7besso.",
        "ar": "لا يوجد جواب لأوقفه.",
        "fr": "Il n'y a pas de réponse à arrêter.",
        "en": "There is no answer to stop.",
    },
    "choose_model": {
        "ary": "ختار النموذج اللي يجاوبك (دابا: {model}):",
        "ary-Latn": "Khtar l modèle li yjawbek (daba: {model}):",
        "ar": "اختر النموذج الذي يجيبك (الحالي: {model}):",
        "fr": "Choisissez le modèle qui vous répond (actuel : {model}) :",
        "en": "Choose the model that answers you (now: {model}):",
    },
    "model_is": {
        "ary": "صافي، من دابا غادي يجاوبك {model}.",
        "ary-Latn": "Safi, men daba ghadi yjawbek {model}.",
        "ar": "حسنًا، سيجيبك {model} من الآن.",
        "fr": "C'est noté : {model} vous répond désormais.",
        "en": "Done: {model} answers you from now on.",
    },
    "no_such_model": {
        "ary": "هاد النموذج ما كاينش دابا. هادو اللي كاينين:",
        "ary-Latn": "Had l modèle ma kaynch daba. Hado li kaynin:",
        "ar": "هذا النموذج غير متاح الآن. المتاح:",
        "fr": "Ce modèle n'est pas disponible. Voici ceux qui le sont :",
        "en": "This model is not available. These are:",
    },
    "choose_language": {
        "ary": "بأي لغة بغيتيني نهضر معاك؟",
        "ary-Latn": "B ach men logha bghitini nhder m3ak?",
        "ar": "بأي لغة تريد أن أخاطبك؟",
        "fr": "Dans quelle langue voulez-vous que je vous parle ?",
        "en": "Which language shall I speak with you?",
    },
    "language_is": {
        "ary": "واخا، من دابا غادي نهضر معاك هكا.",
        "ary-Latn": "Wakha, men daba ghadi nhder m3ak hakka.",
        "ar": "حسنًا، سأخاطبك هكذا من الآن.",
        "fr": "D'accord, je vous parlerai ainsi.",
        "en": "All right, this is how I will speak with you.",
    },
    "follow_me": {
        "ary": "بحال ما كنكتب",
        "ary-Latn": "B7al ma kanekteb",
        "ar": "كما أكتب",
        "fr": "Comme j'écris",
        "en": "The way I write",
    },
    "settings": {
        "ary": "الإعدادات ديالك\nالنموذج: {model}\nاللغة: {tongue}",
        "ary-Latn": "Les paramètres dyalek\nModèle: {model}\nLogha: {tongue}",
        "ar": "إعداداتك\nالنموذج: {model}\nاللغة: {tongue}",
        "fr": "Vos réglages\nModèle : {model}\nLangue : {tongue}",
        "en": "Your settings\nModel: {model}\nLanguage: {tongue}",
    },
    "nothing_to_export": {
        "ary": "مازال ما هضرنا على والو.",
        "ary-Latn": "Mazal ma hderna 3la walo.",
        "ar": "لم نتحدث بعد عن شيء.",
        "fr": "Nous n'avons encore parlé de rien.",
        "en": "We have not talked about anything yet.",
    },
    "export": {
        "ary": "هادي المحادثة ديالنا كاملة.",
        "ary-Latn": "Hadi l mo7adata dyalna kamla.",
        "ar": "هذه محادثتنا كاملة.",
        "fr": "Voici toute notre conversation.",
        "en": "This is our whole conversation.",
    },
    "forgotten": {
        "ary": "صافي، مسحت كلشي: الهضرة، الإعدادات والآراء ديالك.",
        "ary-Latn": "Safi, mse7t kolchi: lhedra, les paramètres w les avis dyalek.",
        "ar": "حسنًا، محوت كل شيء: المحادثة وإعداداتك وآراءك.",
        "fr": "C'est fait, j'ai tout effacé : la discussion, vos réglages et vos avis.",
        "en": "Done, everything is erased: the conversation, your settings and your feedback.",
    },
    "not_admitted": {
        "ary": "سمح ليا، هاد البوت ماشي مفتوح للعموم.",
        "ary-Latn": "Sme7 lia, had l bot machi meftou7 l l3omom.",
        "ar": "عذرًا، هذا البوت غير متاح للعموم.",
        "fr": "Désolé, ce bot n'est pas ouvert à tous.",
        "en": "Sorry, this bot is not open to everybody.",
    },
    "admins_only": {
        "ary": "هاد الأمر ديال المسؤولين بوحدهم.",
        "ary-Latn": "Had la commande dyal les admins bo7dhom.",
        "ar": "هذا الأمر للمسؤولين فقط.",
        "fr": "Cette commande est réservée aux administrateurs.",
        "en": "This command is for admins only.",
    },
    "text_only": {
        "ary": "كنعرف نقرا غير الكتابة دابا. كتب ليا شنو بغيتي، عافاك.",
        "ary-Latn": "Kan3ref n9ra ghir lktaba daba. Kteb lia chno bghiti, 3afak.",
        "ar": "أقرأ النصوص فقط حاليًا. اكتب لي ما تريد من فضلك.",
        "fr": "Je ne sais lire que du texte pour l'instant. Écrivez-moi, s'il vous plaît.",
        "en": "I can only read text for now. Please write me what you want.",
    },
    "thanks": {
        "ary": "شكرا، سجلت الرأي ديالك.",
        "ary-Latn": "Choukran, sejjelt ra2y dyalek.",
        "ar": "شكرًا، سجّلت رأيك.",
        "fr": "Merci, c'est noté.",
        "en": "Thank you, noted.",
    },
    "in_line": {
        "ary": "كاين الزحام: قدامك {number}، تسنى تقريبا {wait}.",
        "ary-Latn": "Kayn z7am: 9eddamek {number}, tsenna ta9riban {wait}.",
        "ar": "هناك ازدحام: أمامك {number}، والانتظار نحو {wait}.",
        "fr": "Il y a du monde : {number} avant vous, environ {wait} d'attente.",
        "en": "It is busy: {number} before you, about {wait} to wait.",
    },
    "regenerate": {
        "ary": "عاود الجواب",
        "ary-Latn": "3awd ljawab",
        "ar": "أعد الجواب",
        "fr": "Refaire",
        "en": "Try again",
    },
    "only_last": {
        "ary": "كنقدر نعاود غير آخر جواب.",
        "ary-Latn": "Kan9der n3awd ghir akhir jawab.",
        "ar": "يمكنني إعادة الجواب الأخير فقط.",
        "fr": "Je ne peux refaire que ma dernière réponse.",
        "en": "I can only redo my last answer.",
    },
    "in_group": {
        "ary": "وسط المجموعة عيط ليا ب {bot} ولا جاوب على شي ميساج ديالي.",
        "ary-Latn": "F l groupe 3eyyet lia b {bot} wla jaweb 3la chi message dyali.",
        "ar": "في المجموعة نادني باسم {bot} أو رُدّ على إحدى رسائلي.",
        "fr": "Dans un groupe, mentionnez {bot} ou répondez à l'un de mes messages.",
        "en": "In a group, mention {bot} or reply to one of my messages.",
    },
    "languages": {
        "ary": "اللغة",
        "ary-Latn": "Logha",
        "ar": "اللغة",
        "fr": "Langue",
        "en": "Language",
    },
}

# The menu: what each command does, in the order in which it is shown.
MENU: dict[str, Texts] = {
    "start": {
        "ary": "بدا من هنا",
        "ary-Latn": "Bda men hna",
        "ar": "البداية",
        "fr": "Commencer",
        "en": "Begin",
    },
    "help": {
        "ary": "عاوني",
        "ary-Latn": "3aweni",
        "ar": "المساعدة",
        "fr": "Aide",
        "en": "Help",
    },
    "new": {
        "ary": "محادثة جديدة",
        "ary-Latn": "Mo7adata jdida",
        "ar": "محادثة جديدة",
        "fr": "Nouvelle conversation",
        "en": "New conversation",
    },
    "stop": {
        "ary": "حبس الجواب",
        "ary-Latn": "7bes ljawab",
        "ar": "أوقف الجواب",
        "fr": "Arrêter la réponse",
        "en": "Stop the answer",
    },
    "regenerate": {
        "ary": "عاود الجواب",
        "ary-Latn": "3awd ljawab",
        "ar": "أعد الجواب",
        "fr": "Refaire la réponse",
        "en": "Answer again",
    },
    "model": {
        "ary": "بدل النموذج",
        "ary-Latn": "Beddel l modèle",
        "ar": "غيّر النموذج",
        "fr": "Changer de modèle",
        "en": "Change the model",
    },
    "language": {
        "ary": "بدل اللغة",
        "ary-Latn": "Beddel logha",
        "ar": "غيّر اللغة",
        "fr": "Changer de langue",
        "en": "Change the language",
    },
    "settings": {
        "ary": "الإعدادات",
        "ary-Latn": "Les paramètres",
        "ar": "الإعدادات",
        "fr": "Réglages",
        "en": "Settings",
    },
    "export": {
        "ary": "نزل المحادثة ديالي",
        "ary-Latn": "Nezzel l mo7adata dyali",
        "ar": "تنزيل محادثتي",
        "fr": "Télécharger ma conversation",
        "en": "Download my conversation",
    },
    "forget": {
        "ary": "مسح كلشي عليا",
        "ary-Latn": "Mse7 kolchi 3lia",
        "ar": "امحُ كل ما يخصني",
        "fr": "Tout effacer sur moi",
        "en": "Erase everything about me",
    },
}


def phrase(name: Phrase, language: str, **places: str) -> str:
    """The phrase in the language of this BCP 47 tag, its places filled."""
    return filled(PHRASES[name], language, places)


def filled(texts: Texts, language: str, places: Mapping[str, str]) -> str:
    """One of these texts, in the language of this BCP 47 tag, its places filled."""
    text = texts[known(language)]
    for place, value in places.items():
        text = text.replace("{" + place + "}", value)
    return text


def menu(language: str) -> tuple[tuple[str, str], ...]:
    """Each command with what it does."""
    tongue = known(language)
    return tuple((command, texts[tongue]) for command, texts in MENU.items())


def help_text(language: str, mark: str = "/") -> str:
    """How to use the bot, and its commands one a line."""
    lines = [f"{mark}{command} — {what}" for command, what in menu(language)]
    return "\n".join([phrase("help", language), "", *lines])

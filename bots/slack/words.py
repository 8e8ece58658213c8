"""What the bot says on Slack's own surfaces, in the same five languages as bots/phrases.py."""

from typing import Literal

from bots.language import Language
from bots.phrases import Texts, filled

Word = Literal[
    "good", "bad", "thinking", "prompts", "about", "how", "model", "at_work", "not_at_work",
    "usage", "tongue", "not_in_channel", "see_direct", "summary", "translation",
]  # fmt: skip

WORDS: dict[Word, Texts] = {
    "good": {
        "ary": "جواب مزيان",
        "ary-Latn": "Jawab mezyan",
        "ar": "جواب جيد",
        "fr": "Bonne réponse",
        "en": "Good answer",
    },
    "bad": {
        "ary": "جواب ماشي مزيان",
        "ary-Latn": "Jawab machi mezyan",
        "ar": "جواب غير جيد",
        "fr": "Mauvaise réponse",
        "en": "Bad answer",
    },
    "thinking": {
        "ary": "كنكتب الجواب…",
        "ary-Latn": "Kankteb ljawab…",
        "ar": "أكتب الجواب…",
        "fr": "J'écris la réponse…",
        "en": "Writing the answer…",
    },
    "prompts": {
        "ary": "جرب شي حاجة من هادو:",
        "ary-Latn": "Jerreb chi 7aja men hado:",
        "ar": "جرّب أحد هذه:",
        "fr": "Essayez par exemple :",
        "en": "Try one of these:",
    },
    "about": {
        "ary": "أنا مرسال. كنجاوب بالدارجة، العربية، الفرنسية والإنجليزية.",
        "ary-Latn": "Ana Mersal. Kanjaweb b darija, l3arbiya, français w english.",
        "ar": "أنا مرسال. أجيب بالدارجة والعربية والفرنسية والإنجليزية.",
        "fr": "Je suis Mersal. Je réponds en darija, en arabe, en français et en anglais.",
        "en": "I am Mersal. I answer in Darija, Arabic, French and English.",
    },
    "how": {
        "ary": "كتب ليا هنا، ولا ذكرني فشي قناة. الأوامر: /mersal help",
        "ary-Latn": "Kteb lia hna, wla dkerni f chi channel. Les commandes: /mersal help",
        "ar": "اكتب لي هنا أو اذكرني في قناة. الأوامر: ‎/mersal help",
        "fr": "Écrivez-moi ici, ou mentionnez-moi dans un canal. Commandes : /mersal help",
        "en": "Write to me here, or mention me in a channel. Commands: /mersal help",
    },
    "model": {
        "ary": "النموذج: {model}",
        "ary-Latn": "Modèle: {model}",
        "ar": "النموذج: {model}",
        "fr": "Modèle : {model}",
        "en": "Model: {model}",
    },
    "at_work": {
        "ary": "خدام دابا.",
        "ary-Latn": "Khddam daba.",
        "ar": "يعمل الآن.",
        "fr": "Il est en service.",
        "en": "It is at work now.",
    },
    "not_at_work": {
        "ary": "ما خدامش دابا. اللي كتبتي كيتحفظ، وكنجاوبك عليه ملي يرجع.",
        "ary-Latn": "Ma khddamch daba. Li ktebti kayt7fed, w kanjawbek 3lih melli yrje3.",
        "ar": "لا يعمل الآن. ما تكتبه محفوظ، وسأجيبك عنه حين يعود.",
        "fr": "Il n'est pas en service. Ce que vous écrivez est gardé ; je répondrai à son retour.",
        "en": "It is not at work now. What you write is kept and answered when it is back.",
    },
    "usage": {
        "ary": "الميساجات اللي صيفطتي ليا: {count}",
        "ary-Latn": "Les messages li sifetti lia: {count}",
        "ar": "الرسائل التي أرسلتها إليّ: {count}",
        "fr": "Messages que vous m'avez envoyés : {count}",
        "en": "Messages that you sent me: {count}",
    },
    "tongue": {
        "ary": "اللغة: {tongue}",
        "ary-Latn": "Logha: {tongue}",
        "ar": "اللغة: {tongue}",
        "fr": "Langue : {tongue}",
        "en": "Language: {tongue}",
    },
    "not_in_channel": {
        "ary": "ما عنديش الحق نقرا هاد القناة. عرض عليا ليها هي اللولة: /invite",
        "ary-Latn": "Ma 3endich l7e9 n9ra had l channel. 3red 3lia liha hiya lewla: /invite",
        "ar": "لا يمكنني قراءة هذه القناة. ادعني إليها أولًا: ‎/invite",
        "fr": "Je ne peux pas lire ce canal. Invitez-moi d'abord : /invite",
        "en": "I cannot read this channel. Invite me first: /invite",
    },
    "see_direct": {
        "ary": "غادي تلقى الجواب فالميساجات ديالنا بجوج.",
        "ary-Latn": "Ghadi tl9a ljawab f les messages dyalna b jouj.",
        "ar": "ستجد الجواب في رسائلنا المباشرة.",
        "fr": "La réponse arrive dans nos messages directs.",
        "en": "You will find the answer in our direct messages.",
    },
    "summary": {
        "ary": "التلخيص اللي طلبتي:",
        "ary-Latn": "Talkhis li tlebti:",
        "ar": "الملخص الذي طلبته:",
        "fr": "Le résumé que vous avez demandé :",
        "en": "The summary that you asked for:",
    },
    "translation": {
        "ary": "الترجمة اللي طلبتي:",
        "ary-Latn": "Tarjama li tlebti:",
        "ar": "الترجمة التي طلبتها:",
        "fr": "La traduction que vous avez demandée :",
        "en": "The translation that you asked for:",
    },
}

# What the assistant's page suggests: a title, and the message that it sends.
PROMPTS: dict[Language, tuple[tuple[str, str], ...]] = {
    "ary": (
        ("شنو تقدر دير؟", "سلام، شنو تقدر تعاوني فيه؟"),
        ("كتب ليا ميساج", "عاوني نكتب ميساج قصير ومؤدب للفريق ديالي."),
        ("شرح ليا شي حاجة", "شرح ليا بطريقة ساهلة شنو هو الذكاء الاصطناعي."),
    ),
    "ary-Latn": (
        ("Chno te9der dir?", "Salam, chno te9der t3aweni fih?"),
        ("Kteb lia message", "3aweni nkteb message 9sir w m2eddeb l l'équipe dyali."),
        ("Chre7 lia chi 7aja", "Chre7 lia b tari9a sahla chno hiya l'intelligence artificielle."),
    ),
    "ar": (
        ("ماذا يمكنك أن تفعل؟", "مرحبًا، بماذا يمكنك أن تساعدني؟"),
        ("اكتب لي رسالة", "ساعدني في كتابة رسالة قصيرة ومهذبة إلى فريقي."),
        ("اشرح لي أمرًا", "اشرح لي ببساطة ما هو الذكاء الاصطناعي."),
    ),
    "fr": (
        ("Que savez-vous faire ?", "Bonjour, en quoi pouvez-vous m'aider ?"),
        ("Rédiger un message", "Aidez-moi à écrire un message court et poli à mon équipe."),
        ("Expliquer un sujet", "Expliquez-moi simplement ce qu'est l'intelligence artificielle."),
    ),
    "en": (
        ("What can you do?", "Hello, what can you help me with?"),
        ("Write a message", "Help me write a short and polite message to my team."),
        ("Explain something", "Explain to me in simple words what artificial intelligence is."),
    ),
}

SUMMARISE: Texts = {
    "ary": "لخص ليا هاد الهضرة بالدارجة فنقط قصيرة:",
    "ary-Latn": "Lekhes lia had lhedra b darija b 7rouf latiniya f no9at 9sira:",
    "ar": "لخّص لي هذا الحوار بالعربية في نقاط قصيرة:",
    "fr": "Résume cette discussion en français, en quelques points courts :",
    "en": "Summarise this discussion in English, in a few short points:",
}
TRANSLATE: Texts = {
    "ary": "ترجم هاد النص للدارجة المغربية، وعطيني غير الترجمة:",
    "ar": "ترجم هذا النص إلى العربية الفصحى، واكتب الترجمة فقط:",
    "fr": "Traduis ce texte en français, donne seulement la traduction :",
    "en": "Translate this text into English, give the translation alone:",
}


def word(name: Word, language: str, **places: str) -> str:
    """The words in the language of this BCP 47 tag, their places filled."""
    return filled(WORDS[name], language, places)

"""What the bot itself says, in the user's language: short, and as a Moroccan would say it.

`{wait}` stands for a time. Languages without an entry fall back to Darija (language.known).
"""

import math
from typing import Literal

from bots.language import Language, known
from broker.inbox import Receipt
from broker.messages import Notice, Outcome, Reply, Turn

Topic = Literal[
    # a message was refused
    "inbox_full",
    "rate_limited",
    "overloaded",
    "paused",
    "message_too_long",
    "empty",
    "unavailable",
    # a message was kept, but no worker runs its model
    "nobody",
    # a turn ended without the answer that was hoped for
    "failed",
    "too_long",
    "set_aside",
    "timed_out",
    "stopped",
    "nothing_to_regenerate",
    "refused",
    "cannot",
    # a remark below an answer
    "old_turns_dropped",
    "message_cut",
    "cut_at_length",
    "disclaimer",
]
_Texts = dict[Language, str]

WORDS: dict[Topic, _Texts] = {
    "inbox_full": {
        "ary": "مازال ما جاوبتكش على الميساجات اللي صيفطتي. تسنى شوية حتى نكمل، ومن بعد عاود صيفط.",
        "ary-Latn": "Mazal ma jawbtekch 3la les messages li sifetti. "
        "Tsenna chwiya 7ta nkemmel, w men be3d 3awd sifet.",
        "ar": "لم أُجب بعد عن رسائلك السابقة. انتظر قليلًا حتى أفرغ منها، ثم أعد الإرسال.",
        "fr": "Je n'ai pas encore répondu à vos messages précédents. "
        "Patientez un peu, puis renvoyez.",
        "en": "I still have earlier messages of yours to answer. Wait a little, then send again.",
    },
    "rate_limited": {
        "ary": "صيفطتي بزاف ديال الميساجات دقة وحدة. عاود من هنا {wait}.",
        "ary-Latn": "Sifetti bzaf d les messages de99a we7da. 3awd men hna {wait}.",
        "ar": "أرسلت رسائل كثيرة في وقت قصير. أعد المحاولة بعد {wait}.",
        "fr": "Cela fait beaucoup de messages d'un coup. Réessayez dans {wait}.",
        "en": "That was a lot of messages at once. Try again in {wait}.",
    },
    "overloaded": {
        "ary": "كاين الزحام دابا، خاصك تسنى تقريبا {wait}. عاود صيفط من بعد، عافاك.",
        "ary-Latn": "Kayn z7am daba, khassek tsenna ta9riban {wait}. 3awd sifet men be3d, 3afak.",
        "ar": "الضغط كبير الآن، والانتظار نحو {wait}. أعد الإرسال لاحقًا من فضلك.",
        "fr": "Il y a beaucoup de monde, l'attente est d'environ {wait}. "
        "Renvoyez un peu plus tard, s'il vous plaît.",
        "en": "It is very busy now, the wait is about {wait}. Please send again a little later.",
    },
    "paused": {
        "ary": "الميساجات اللي صيفطتي لخرين دارو ليا مشكل، خاصني نرتاح شوية. عاود من هنا {wait}.",
        "ary-Latn": "Les messages li sifetti lekhrin daro lia mochkil, khassni nerta7 chwiya. "
        "3awd men hna {wait}.",
        "ar": "تعثّرتُ في رسائلك الأخيرة وأحتاج إلى استراحة. أعد المحاولة بعد {wait}.",
        "fr": "Vos derniers messages m'ont mis en difficulté, je fais une pause. "
        "Réessayez dans {wait}.",
        "en": "Your last messages gave me trouble, so I need a pause. Try again in {wait}.",
    },
    "message_too_long": {
        "ary": "هاد الميساج طويل بزاف. قسمو على جوج ولا كثر وعاود صيفطو.",
        "ary-Latn": "Had l message twil bzaf. 9essmo 3la jouj wla kter w 3awd sifto.",
        "ar": "هذه الرسالة طويلة جدًا. قسّمها إلى رسالتين أو أكثر ثم أعد إرسالها.",
        "fr": "Ce message est trop long. Coupez-le en deux ou plus, puis renvoyez-le.",
        "en": "This message is too long. Split it into two or more and send them again.",
    },
    "empty": {
        "ary": "هاد الميساج خاوي. كتب ليا شنو بغيتي.",
        "ary-Latn": "Had l message khawi. Kteb lia chno bghiti.",
        "ar": "هذه الرسالة فارغة. اكتب لي ما تريد.",
        "fr": "Ce message est vide. Écrivez-moi ce que vous voulez.",
        "en": "This message is empty. Write me what you want.",
    },
    "unavailable": {
        "ary": "ما قدرتش نوصل الميساج ديالك دابا. عاود من هنا شوية.",
        "ary-Latn": "Ma 9dertch nwessel l message dyalek daba. 3awd men hna chwiya.",
        "ar": "تعذّر إيصال رسالتك الآن. أعد المحاولة بعد قليل.",
        "fr": "Je n'ai pas pu transmettre votre message. Réessayez dans un instant.",
        "en": "I could not pass your message on just now. Try again in a moment.",
    },
    "nobody": {
        "ary": "دابا ما كاين حتى واحد يجاوب. الميساج ديالك محفوظ، وغادي نجاوبك غير نرجع.",
        "ary-Latn": "Daba ma kayn 7ta wa7ed yjaweb. L message dyalek m7fod, "
        "w ghadi njawbek ghir nrje3.",
        "ar": "لا أحد يجيب في هذه اللحظة. رسالتك محفوظة، وسأجيبك حين أعود.",
        "fr": "Personne ne répond pour le moment. Votre message est gardé, "
        "je vous répondrai dès mon retour.",
        "en": "Nobody answers at the moment. Your message is kept, and I will answer "
        "when I am back.",
    },
    "failed": {
        "ary": "سمح ليا، وقع ليا مشكل وما قدرتش نجاوب. عاود جرب.",
        "ary-Latn": "Sme7 lia, w9e3 lia mochkil w ma 9dertch njaweb. 3awd jerreb.",
        "ar": "عذرًا، حدث خلل ولم أستطع الإجابة. حاول مرة أخرى.",
        "fr": "Désolé, j'ai eu un problème et je n'ai pas pu répondre. Réessayez.",
        "en": "Sorry, something went wrong and I could not answer. Please try again.",
    },
    "too_long": {
        "ary": "هاد الميساج طويل عليا، ما قدرتش نقراه كامل. قصرو شوية وعاود صيفطو.",
        "ary-Latn": "Had l message twil 3lia, ma 9dertch n9rah kamel. 9esro chwiya w 3awd sifto.",
        "ar": "هذه الرسالة أطول مما أستطيع قراءته. اختصرها قليلًا ثم أعد إرسالها.",
        "fr": "Ce message est plus long que ce que je peux lire. Raccourcissez-le et renvoyez-le.",
        "en": "This message is longer than I can read. Shorten it a little and send it again.",
    },
    "set_aside": {
        "ary": "سمح ليا، هاد الميساج جربت معاه شحال من مرة وما قدرتش نجاوب عليه. كتبو بطريقة أخرى.",
        "ary-Latn": "Sme7 lia, had l message jerrebt m3ah ch7al men merra w ma jawebtch 3lih. "
        "Ktebo b tari9a khra.",
        "ar": "عذرًا، حاولت مرارًا ولم أستطع الإجابة عن هذه الرسالة. اكتبها بصيغة أخرى.",
        "fr": "Désolé, malgré plusieurs essais je n'ai pas pu répondre à ce message. "
        "Écrivez-le autrement.",
        "en": "Sorry, I tried several times and could not answer this message. "
        "Please write it another way.",
    },
    "timed_out": {
        "ary": "خديت بزاف ديال الوقت وما كملتش الجواب. عاود سولني ولا قصر السؤال.",
        "ary-Latn": "Khdit bzaf d lwe9t w ma kemmeltch ljawab. 3awd sewwelni wla 9esser so2al.",
        "ar": "استغرقت وقتًا طويلًا ولم أُكمل الجواب. أعد السؤال أو اختصره.",
        "fr": "J'ai mis trop de temps et n'ai pas fini ma réponse. Redemandez, ou plus court.",
        "en": "I took too long and did not finish my answer. Ask again, or ask something shorter.",
    },
    "stopped": {
        "ary": "صافي، حبست.",
        "ary-Latn": "Safi, 7best.",
        "ar": "حسنًا، توقفت.",
        "fr": "D'accord, je me suis arrêté.",
        "en": "All right, I stopped.",
    },
    "refused": {
        "ary": "سمح ليا، هاد الموضوع ما نقدرش نعاونك فيه.",
        "ary-Latn": "Smeh lia, had lmawdo3 ma n9derch n3awnek fih.",
        "ar": "عذرًا، لا يمكنني المساعدة في هذا الموضوع.",
        "fr": "Désolé, je ne peux pas vous aider sur ce sujet.",
        "en": "Sorry, I cannot help with this.",
    },
    "cannot": {
        "ary": "هاد النموذج ما كيعرفش يدير هادشي. ختار نموذج آخر.",
        "ary-Latn": "Had l modèle ma kay3refch ydir hadchi. Khtar modèle akhor.",
        "ar": "هذا النموذج لا يحسن هذه المهمة. اختر نموذجًا آخر.",
        "fr": "Ce modèle ne sait pas faire cela. Choisissez-en un autre.",
        "en": "This model cannot do that. Choose another one.",
    },
    "disclaimer": {
        "ary": "الجواب كيكتبو نموذج ديال الذكاء الاصطناعي ويقدر يغلط. فالصحة والقانون والفلوس "
        "سول اللي كيعرف.",
        "ary-Latn": "Ljawab kaykteb-o modèle d l'IA w y9der yghlet. F se77a, l9anoun w lflouss "
        "swel li kay3ref.",
        "ar": "الأجوبة من نموذج ذكاء اصطناعي وقد يخطئ. في الصحة والقانون والمال اسأل أهل الاختصاص.",
        "fr": "Les réponses viennent d'un modèle d'IA, qui peut se tromper. Pour la santé, le "
        "droit ou l'argent, demandez à un spécialiste.",
        "en": "The answers come from an AI model, which can be wrong. For health, law or money, "
        "ask a professional.",
    },
    "nothing_to_regenerate": {
        "ary": "مازال ما كاين حتى جواب باش نعاودو. كتب ليا شي حاجة هي اللولة.",
        "ary-Latn": "Mazal ma kayn 7ta jawab bach n3awdo. Kteb lia chi 7aja hiya lewla.",
        "ar": "لا يوجد جواب لأعيده بعد. اكتب لي شيئًا أولًا.",
        "fr": "Il n'y a pas encore de réponse à refaire. Écrivez-moi d'abord quelque chose.",
        "en": "There is no answer to redo yet. Write me something first.",
    },
    "old_turns_dropped": {
        "ary": "هضرتنا طوالت: الكلام القديم ما بقيتش عاقل عليه.",
        "ary-Latn": "Hdertna twalet: lklam l9dim ma b9itch 3a9el 3lih.",
        "ar": "طال حديثنا: لم أعد أتذكر بدايته.",
        "fr": "Notre discussion est longue : je ne me souviens plus du début.",
        "en": "We have talked for long: I no longer remember the beginning.",
    },
    "message_cut": {
        "ary": "الميساج ديالك طويل بزاف عليا: قريت غير البداية والنهاية ديالو.",
        "ary-Latn": "Lmessage dyalek twil bzaf 3liya: 9rit ghir lbdaya w nnihaya dyalo.",
        "ar": "رسالتك أطول مما أستطيع قراءته: قرأت بدايتها ونهايتها فقط.",
        "fr": "Votre message est trop long pour moi : je n'en ai lu que le début et la fin.",
        "en": "Your message is longer than I can read: I read only its beginning and its end.",
    },
    "cut_at_length": {
        "ary": "الجواب طوال وتقطع هنا. إلا بغيتي نزيد، قول ليا «كمل».",
        "ary-Latn": "Ljawab twal w t9ette3 hna. Ila bghiti nzid, goul lia « kemmel ».",
        "ar": "طال الجواب فتوقف هنا. لأُكمل، قل لي «أكمل».",
        "fr": "La réponse était longue et s'arrête ici. Pour la suite, dites « continue ».",
        "en": 'The answer was long and stops here. To hear more, say "continue".',
    },
}

_REFUSALS: dict[str, Topic] = {
    "inbox_full": "inbox_full",
    "rate_limited": "rate_limited",
    "overloaded": "overloaded",
    "paused": "paused",
    "too_long": "message_too_long",
    "empty": "empty",
}
_OUTCOMES: dict[Outcome, Topic | None] = {
    "answered": None,
    "interrupted": None,  # the next answer follows at once
    "stopped": "stopped",
    "timed_out": "timed_out",
    "failed": "failed",
    "too_long": "too_long",
    "set_aside": "set_aside",
    "nothing_to_regenerate": "nothing_to_regenerate",
    "refused": "refused",
    "cannot": "cannot",
}
_NOTICES: dict[Notice, Topic] = {
    "old_turns_dropped": "old_turns_dropped",
    "message_cut": "message_cut",
    "cut_at_length": "cut_at_length",
    "disclaimer": "disclaimer",
}

# One, two, three to ten, more: for seconds and minutes.
_UNITS: dict[Language, tuple[tuple[str, str, str, str], tuple[str, str, str, str]]] = {
    "ary": (
        ("ثانية", "جوج ثواني", "{n} ثواني", "{n} ثانية"),
        ("دقيقة", "جوج دقايق", "{n} دقايق", "{n} دقيقة"),
    ),
    "ary-Latn": (
        ("taniya", "jouj tawani", "{n} tawani", "{n} taniya"),
        ("d9i9a", "jouj d9aye9", "{n} d9aye9", "{n} d9i9a"),
    ),
    "ar": (
        ("ثانية", "ثانيتين", "{n} ثوانٍ", "{n} ثانية"),
        ("دقيقة", "دقيقتين", "{n} دقائق", "{n} دقيقة"),
    ),
    "fr": (
        ("1 seconde", "2 secondes", "{n} secondes", "{n} secondes"),
        ("1 minute", "2 minutes", "{n} minutes", "{n} minutes"),
    ),
    "en": (
        ("1 second", "2 seconds", "{n} seconds", "{n} seconds"),
        ("1 minute", "2 minutes", "{n} minutes", "{n} minutes"),
    ),
}


def say(topic: Topic, language: str, wait_s: float = 0.0) -> str:
    """The words on a topic in the language of this BCP 47 tag."""
    tongue = known(language)
    return WORDS[topic][tongue].replace("{wait}", duration(wait_s, tongue))


def about_receipt(receipt: Receipt, language: str) -> str:
    """Why a message was refused, or that nobody answers for now; "" when all is well."""
    if receipt.nobody:
        return say("nobody", language)
    topic = _REFUSALS.get(receipt.status)
    return say(topic, language, receipt.wait_s) if topic else ""


def about_outcome(outcome: Outcome, language: str) -> str:
    """Why a turn has no whole answer; "" when the answer speaks for itself."""
    topic = _OUTCOMES[outcome]
    return say(topic, language) if topic else ""


def about_reply(reply: Reply | Turn, language: str = "") -> tuple[str, ...]:
    """What the bot adds to the text of a reply: one remark a line, mostly none.

    `language` serves when the reply does not know its own.
    """
    language = reply.language or language
    outcome = about_outcome(reply.outcome, language)
    notices = (say(_NOTICES[notice], language) for notice in reply.notices)
    return (*((outcome,) if outcome else ()), *notices)


def duration(seconds: float, language: Language) -> str:
    """A time as people say it: whole seconds below ninety, then minutes, rounded up."""
    whole = max(1, math.ceil(seconds))
    unit = 0 if whole < 90 else 1
    number = whole if unit == 0 else math.ceil(whole / 60)
    form = 0 if number == 1 else 1 if number == 2 else 2 if number <= 10 else 3
    return _UNITS[language][unit][form].replace("{n}", str(number))

"""Prompts as their makers write them, every character spelled out by hand."""

from pathlib import Path

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inference.catalog import find
from inference.engine import ChatMessage, Role
from inference.errors import InvalidRequest, ModelLoadFailed
from inference.formats import make_format, prompt_text
from inference.formats.template import TemplateFormat

from .conftest import card_of, llama_tokenizer
from .tiny_tokenizers import (
    ALLAM_TEMPLATE,
    GEMMA_TEMPLATE,
    allam_tokenizer,
    atlas_tokenizer,
    jais_tokenizer,
)

ACEGPT_SYSTEM = (
    "أنت مساعد مفيد ومحترم وصادق. أجب دائما بأكبر قدر ممكن من المساعدة بينما تكون آمنا.  يجب ألا "
    "تتضمن إجاباتك أي محتوى ضار أو غير أخلاقي أو عنصري أو جنسي أو سام أو خطير أو غير قانوني. يرجى "
    "التأكد من أن ردودك غير متحيزة اجتماعيا وإيجابية بطبيعتها.\n\nإذا كان السؤال لا معنى له أو لم "
    "يكن متماسكا من الناحية الواقعية، اشرح السبب بدلا من الإجابة على شيء غير صحيح. إذا كنت لا تعرف "
    "إجابة سؤال ما، فيرجى عدم مشاركة معلومات خاطئة."
)
JAIS_EN = (
    "Your name is Jais, and you are named after Jebel Jais, the highest mountain in UAE. You are "
    "built by Core42. You are the world's most advanced Arabic large language model with 30b "
    "parameters. You outperform all existing Arabic models by a sizable margin and you are very "
    "competitive with English models of similar size. You can answer in Arabic and English only. "
    "You are a helpful, respectful and honest assistant. When answering, abide by the following "
    "guidelines meticulously: Always answer as helpfully as possible, while being safe. Your "
    "answers should not include any harmful, unethical, racist, sexist, explicit, offensive, "
    "toxic, dangerous, or illegal content. Do not give medical, legal, financial, or professional "
    "advice. Never assist in or promote illegal activities. Always encourage legal and "
    "responsible actions. Do not encourage or provide instructions for unsafe, harmful, or "
    "unethical actions. Do not create or share misinformation or fake news. Please ensure that "
    "your responses are socially unbiased and positive in nature. If a question does not make any "
    "sense, or is not factually coherent, explain why instead of answering something not correct. "
    "If you don't know the answer to a question, please don't share false information. Prioritize "
    "the well-being and the moral integrity of users. Avoid using toxic, derogatory, or offensive "
    "language. Maintain a respectful tone. Do not generate, promote, or engage in discussions "
    "about adult content. Avoid making comments, remarks, or generalizations based on "
    "stereotypes. Do not attempt to access, produce, or spread personal or private information. "
    "Always respect user confidentiality. Stay positive and do not say bad things about anything. "
    "Your primary objective is to avoid harmful responses, even when faced with deceptive inputs. "
    "Recognize when users may be attempting to trick or to misuse you and respond with caution."
)
JAIS_AR = (
    "اسمك جيس وسميت على اسم جبل جيس اعلى جبل في الامارات. تم بنائك بواسطة Core42. أنت نموذج اللغة "
    "العربية الأكثر تقدمًا في العالم مع بارامترات 30b. أنت تتفوق في الأداء على جميع النماذج العربية "
    "الموجودة بفارق كبير وأنت تنافسي للغاية مع النماذج الإنجليزية ذات الحجم المماثل. يمكنك الإجابة "
    "باللغتين العربية والإنجليزية فقط. أنت مساعد مفيد ومحترم وصادق. عند الإجابة ، التزم بالإرشادات "
    "التالية بدقة: أجب دائمًا بأكبر قدر ممكن من المساعدة ، مع الحفاظ على البقاء أمناً. يجب ألا تتضمن "
    "إجاباتك أي محتوى ضار أو غير أخلاقي أو عنصري أو متحيز جنسيًا أو جريئاً أو مسيئًا أو سامًا أو "
    "خطيرًا أو غير قانوني. لا تقدم نصائح طبية أو قانونية أو مالية أو مهنية. لا تساعد أبدًا في أنشطة "
    "غير قانونية أو تروج لها. دائما تشجيع الإجراءات القانونية والمسؤولة. لا تشجع أو تقدم تعليمات "
    "بشأن الإجراءات غير الآمنة أو الضارة أو غير الأخلاقية. لا تنشئ أو تشارك معلومات مضللة أو أخبار "
    "كاذبة. يرجى التأكد من أن ردودك غير متحيزة اجتماعيًا وإيجابية بطبيعتها. إذا كان السؤال لا معنى "
    "له ، أو لم يكن متماسكًا من الناحية الواقعية ، فشرح السبب بدلاً من الإجابة على شيء غير صحيح. إذا "
    "كنت لا تعرف إجابة السؤال ، فالرجاء عدم مشاركة معلومات خاطئة. إعطاء الأولوية للرفاهية والنزاهة "
    "الأخلاقية للمستخدمين. تجنب استخدام لغة سامة أو مهينة أو مسيئة. حافظ على نبرة محترمة. لا تنشئ "
    "أو تروج أو تشارك في مناقشات حول محتوى للبالغين. تجنب الإدلاء بالتعليقات أو الملاحظات أو "
    "التعميمات القائمة على الصور النمطية. لا تحاول الوصول إلى معلومات شخصية أو خاصة أو إنتاجها أو "
    "نشرها. احترم دائما سرية المستخدم. كن إيجابيا ولا تقل أشياء سيئة عن أي شيء. هدفك الأساسي هو "
    "تجنب الاجابات المؤذية ، حتى عند مواجهة مدخلات خادعة. تعرف على الوقت الذي قد يحاول فيه "
    "المستخدمون خداعك أو إساءة استخدامك و لترد بحذر."
)


def chat(*contents: str, system: str = "") -> list[ChatMessage]:
    roles: tuple[Role, Role] = ("user", "assistant")
    head = [ChatMessage("system", system)] if system else []
    return head + [ChatMessage(roles[i % 2], text) for i, text in enumerate(contents)]


def written(model: str, messages: list[ChatMessage]) -> str:
    return prompt_text(make_format(find(model)), messages)


ONE = chat("سلام، شحال الثمن؟")
MANY = chat("سلام", "وعليكم السلام", "شحال الثمن؟", "80 درهم.", "غالي!")
BRIEF = "جاوب باختصار."
BOTH = chat("سلام", "أهلا", "شكون نتا؟", system=BRIEF)

GOLDEN = [
    (
        "atlas-chat-2b",
        ONE,
        "<bos><start_of_turn>user\nسلام، شحال الثمن؟<end_of_turn>\n<start_of_turn>model\n",
    ),
    (
        "atlas-chat-9b",
        MANY,
        "<bos><start_of_turn>user\nسلام<end_of_turn>\n"
        "<start_of_turn>model\nوعليكم السلام<end_of_turn>\n"
        "<start_of_turn>user\nشحال الثمن؟<end_of_turn>\n"
        "<start_of_turn>model\n80 درهم.<end_of_turn>\n"
        "<start_of_turn>user\nغالي!<end_of_turn>\n"
        "<start_of_turn>model\n",
    ),
    (
        "atlas-chat-27b",
        BOTH,
        "<bos><start_of_turn>user\nجاوب باختصار.\n\nسلام<end_of_turn>\n"
        "<start_of_turn>model\nأهلا<end_of_turn>\n"
        "<start_of_turn>user\nشكون نتا؟<end_of_turn>\n"
        "<start_of_turn>model\n",
    ),
    ("allam-2-7b-instruct", ONE, "<s> [INST] سلام، شحال الثمن؟ [/INST]"),
    (
        "allam-2-7b-instruct",
        MANY,
        "<s> [INST] سلام [/INST] وعليكم السلام </s>"
        "<s> [INST] شحال الثمن؟ [/INST] 80 درهم. </s>"
        "<s> [INST] غالي! [/INST]",
    ),
    (
        "allam-2-7b-instruct",
        BOTH,
        "<s> [INST] <<SYS>>\nجاوب باختصار.\n<</SYS>>\n\nسلام [/INST] أهلا </s>"
        "<s> [INST] شكون نتا؟ [/INST]",
    ),
    (
        "acegpt-7b-chat",
        ONE,
        "[INST] <<SYS>>\n" + ACEGPT_SYSTEM + "\n<</SYS>>\n\nسلام، شحال الثمن؟ [/INST]",
    ),
    (
        "acegpt-13b-chat",
        MANY,
        "[INST] <<SYS>>\n" + ACEGPT_SYSTEM + "\n<</SYS>>\n\nسلام [/INST]وعليكم السلام</s>"
        "[INST] شحال الثمن؟ [/INST]80 درهم.</s>"
        "[INST] غالي! [/INST]",
    ),
    (
        "acegpt-7b-chat",
        chat("What is zakat?"),
        "[INST] <<SYS>>\n" + ACEGPT_SYSTEM + "\n<</SYS>>\n\nWhat is zakat? [/INST]",
    ),
    (
        "acegpt-7b-chat",
        BOTH,
        "[INST] <<SYS>>\nجاوب باختصار.\n<</SYS>>\n\nسلام [/INST]أهلا</s>[INST] شكون نتا؟ [/INST]",
    ),
    (
        "jais-30b-chat-v1",
        chat("ما هي عاصمة الامارات؟"),
        "### Instruction: " + JAIS_AR + "\n\n"
        "أكمل المحادثة أدناه بين [|Human|] و [|AI|]:\n"
        "### Input: [|Human|] ما هي عاصمة الامارات؟\n"
        "### Response: [|AI|]",
    ),
    (
        "jais-30b-chat-v1",
        chat("What is the capital of UAE?"),
        "### Instruction: " + JAIS_EN + "\n\n"
        "Complete the conversation below between [|Human|] and [|AI|]:\n"
        "### Input: [|Human|] What is the capital of UAE?\n"
        "### Response: [|AI|]",
    ),
    (
        "jais-30b-chat-v1",
        chat("Hello", "Hi! How can I help?", "What is the capital of UAE?"),
        "### Instruction: " + JAIS_EN + "\n\n"
        "Complete the conversation below between [|Human|] and [|AI|]:\n"
        "### Input: [|Human|] Hello\n"
        "### Response: [|AI|] Hi! How can I help?\n"
        "### Input: [|Human|] What is the capital of UAE?\n"
        "### Response: [|AI|]",
    ),
    (
        "jais-30b-chat-v1",
        chat("مرحبا", "أهلا بك", "من أنت؟", system="أنت مساعد قصير الكلام."),
        "### Instruction: أنت مساعد قصير الكلام.\n\n"
        "أكمل المحادثة أدناه بين [|Human|] و [|AI|]:\n"
        "### Input: [|Human|] مرحبا\n"
        "### Response: [|AI|] أهلا بك\n"
        "### Input: [|Human|] من أنت؟\n"
        "### Response: [|AI|]",
    ),
    (
        "jais-30b-chat-v1",
        chat("Who are you?", system="You speak briefly."),
        "### Instruction: You speak briefly.\n\n"
        "Complete the conversation below between [|Human|] and [|AI|]:\n"
        "### Input: [|Human|] Who are you?\n"
        "### Response: [|AI|]",
    ),
]


@pytest.mark.parametrize(("model", "messages", "prompt"), GOLDEN)
def test_prompts_are_exact_to_the_character(
    model: str, messages: list[ChatMessage], prompt: str
) -> None:
    assert written(model, messages) == prompt


@pytest.mark.parametrize("model", ["atlas-chat-9b", "allam-2-7b-instruct", "acegpt-7b-chat"])
def test_contents_are_trimmed(model: str) -> None:
    padded = chat("  سلام\n", "\tأهلا ", " شكون؟ ", system=" جاوب \n")
    assert written(model, padded) == written(model, chat("سلام", "أهلا", "شكون؟", system="جاوب"))


@pytest.mark.parametrize(
    ("model", "template", "tokens", "messages"),
    [
        ("atlas-chat-2b", GEMMA_TEMPLATE, {"bos_token": "<bos>"}, MANY),
        ("allam-2-7b-instruct", ALLAM_TEMPLATE, {"bos_token": "<s>", "eos_token": "</s>"}, MANY),
        ("allam-2-7b-instruct", ALLAM_TEMPLATE, {"bos_token": "<s>", "eos_token": "</s>"}, BOTH),
    ],
)
def test_formats_are_what_a_template_writes(
    model: str, template: str, tokens: dict[str, str], messages: list[ChatMessage]
) -> None:
    """Run by jinja: Gemma's own, and ALLaM's as it was described, written anew."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    theirs = environment.from_string(template).render(
        messages=[{"role": m.role, "content": m.content} for m in messages],
        add_generation_prompt=True,
        **tokens,
    )
    assert written(model, messages) == theirs


@pytest.mark.parametrize(
    ("question", "arabic"),
    [
        ("ما هي عاصمة فرنسا؟", True),
        ("What does الخبز mean?", False),
        ("Translate into English: صباح الخير يا أصدقائي الأعزاء، كيف حالكم اليوم؟", False),
        ("ترجم إلى العربية: I love programming and long sentences in English", True),
        ("Python هو أفضل لغة؟", True),
        ("salam, labas?", False),
        ("Arabic العربية", False),
        ("العربية Arabic", True),
        ("2 + 2 = ؟", True),
        ("🙂", True),
    ],
)
def test_jais_is_prompted_in_the_questions_language(question: str, arabic: bool) -> None:
    prompt = written("jais-30b-chat-v1", chat(question))
    assert ("أكمل المحادثة" in prompt) == arabic
    assert ("Complete the conversation" in prompt) != arabic


def test_a_question_without_letters_keeps_the_language_of_the_one_before() -> None:
    prompt = written("jais-30b-chat-v1", chat("Add 2 and 2.", "4", "4 + 4 = ?"))
    assert "Complete the conversation" in prompt
    prompt = written("jais-30b-chat-v1", chat("Hello", "Hi", "تكلم بالعربية"))
    assert "أكمل المحادثة" in prompt


def test_a_template_that_refuses_a_system_role_gets_it_folded() -> None:
    messages = [ChatMessage("system", "Be kind."), ChatMessage("user", "hi")]
    assert TemplateFormat(atlas_tokenizer()).render(messages)[1].text == "Be kind.\n\nhi"


def test_a_template_that_drops_the_system_role_gets_it_folded_too() -> None:
    tokenizer = llama_tokenizer()
    assert isinstance(tokenizer.chat_template, str)
    tokenizer.chat_template = tokenizer.chat_template.replace(
        "messages %}", "messages if message.role != 'system' %}"
    )
    messages = [ChatMessage("system", "Be kind."), ChatMessage("user", "hi")]
    assert TemplateFormat(tokenizer).render(messages)[1].text == "Be kind.\n\nhi"


@pytest.mark.parametrize("template", ["{{ raise_exception('no') }}", "hello"])
def test_a_template_that_refuses_or_forgets_messages_makes_an_invalid_request(
    template: str,
) -> None:
    tokenizer = llama_tokenizer()
    tokenizer.chat_template = template
    with pytest.raises(InvalidRequest):
        TemplateFormat(tokenizer).render([ChatMessage("user", "hi")])


def test_a_tokenizer_without_a_template_is_refused_with_the_remedy() -> None:
    with pytest.raises(ModelLoadFailed, match=r"add a chat_template\.jinja"):
        make_format(card_of(Path("mine"), "template"), jais_tokenizer())


@pytest.mark.parametrize(
    ("model", "missing"),
    [("atlas-chat-2b", "<bos>, <end_of_turn>, <start_of_turn>"), ("acegpt-7b-chat", "</s>, <s>")],
)
def test_a_format_needs_its_tokens(model: str, missing: str) -> None:
    other = allam_tokenizer() if model.startswith("atlas") else atlas_tokenizer()
    with pytest.raises(ModelLoadFailed, match=f"lacks {missing}, which"):
        make_format(find(model), other)

"""Arabizi to Arabic script. Floors are a little above the errors that were measured."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.text.arabizi import to_arabic
from broker.text.arabizi_pieces import pieces
from broker.text.lexicon_words import LONGEST, known
from mersal.bench.arabizi import measure, read_pairs

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "cer", "wer"),
    [("arabizi_held_back", 0.035, 0.09), ("arabizi_tuning", 0.02, 0.05)],
)
def test_arabizi_is_written_as_moroccans_write_arabic(name: str, cer: float, wer: float) -> None:
    pairs = read_pairs(HERE / f"{name}.tsv", "latin")
    rates = measure(pairs, "latin", to_arabic)
    assert len(pairs) >= 150
    assert rates.cer < cer
    assert rates.wer < wer


@pytest.mark.parametrize(
    ("arabizi", "arabic"),
    [
        ("chkoun li sn3ek?", "شكون لي صنعك؟"),
        ("SALAM KHOYA", "سلام خويا"),
        ("waaaach kaaayn", "واش كاين"),
        # affixes
        ("ma3reftch, goulha liya", "ماعرفتش، قولها ليا"),
        ("katkellem m3ahom", "كتتكلم معاهم"),
        ("ghadi njiw l ddar", "غادي نجيو ل الدار"),
        ("flkhedma dyalkom", "فالخدمة ديالكم"),
        ("khdemthom w tomobiltek", "خدمتهم و طوموبيلتك"),
        ("ma khedamach, mezyanach, 9adrach", "ما خداماش، مزيناش، قادراش"),
        ("chayfahom", "شايفاهم"),
        # digits and letters that stand for one sound
        ("9alb galb qalb", "قلب قلب قلب"),
        ("5obz khobz", "خبز خبز"),
        ("xno shno chno", "شنو شنو شنو"),
        ("hhhhh", "ههههه"),
        # an l that stands alone: the article, and "to"
        ("jit mn l khdma, dyal l khdma", "جيت من ال خدمة، ديال ال خدمة"),
        ("ghadi l restaurant, l restaurant zwin", "غادي ل restaurant, ال restaurant زوين"),
        # a doubled n: "I" before a verb, else the article
        ("bach nn3as, nn3as mzyan", "باش ننعس، النعاس مزيان"),
        # everyday words
        ("l7amdo lillah, alhamdulillah", "الحمد لله، الحمدلله"),
        ("bsa7tek, sa7a", "بصحتك، صحة"),
        ("ta9s f l3asima, kayn f france", "طقس ف العاصمة، كاين ف france"),
        ("lkhso lia lmo3adala", "لخصو ليا المعادلة"),
        ("blan dyal l9ett", "بلان ديال القط"),
        ("dakae stina3i", "ذكاء اصطناعي"),
        # la is "no", and a French article
        ("la, merci, bghit la facture svp", "لا، merci, بغيت la facture svp"),
    ],
)
def test_words_are_known_as_people_spell_them(arabizi: str, arabic: str) -> None:
    assert to_arabic(arabizi) == arabic


@pytest.mark.parametrize(
    ("arabizi", "arabic"),
    [
        ("zerwata", "زرواتة"),
        ("l'3afrit", "العفريت"),
        ("kaybouj", "كيبوج"),
        ("mTarqa", "مطرقة"),
        ("makaytbouhelch", "ماكيتبوهلش"),
        ("fl9ajou", "فالقاجو"),
    ],
)
def test_unknown_words_are_spelled_by_rules(arabizi: str, arabic: str) -> None:
    assert known(arabizi, "latin") is None
    assert to_arabic(arabizi) == arabic


@pytest.mark.parametrize(
    "kept",
    [
        "15h30", "3G", "mp3", "2nd", "50dh", "250 dh", "2024", "+212 612-345678", "3,5%", "24/7",
        "https://mersal.ma/3la?q=wach", "www.avito.ma", "ana3@gmail.com", "@sara3", "#darija",
        "/help", "`print(salam)`", "```\nwach = 3\n```", "😀", "🇲🇦", ":D", "<3", "iphone15",
        "rendez-vous", "l'école", "j'ai", "livraison", "la facture", "le code", "le pc",
        "développement", "2morrow", "openai",
    ],
)  # fmt: skip
def test_what_is_no_darija_stays(kept: str) -> None:
    assert to_arabic(f"bghit daba {kept} 3afak") == f"بغيت دابا {kept} عافاك"


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, vous livrez à Casablanca ?",
        "je cherche un appartement à louer à Tanger, svp",
        "What will the weather be like in Agadir tomorrow?",
        "Salam, do you ship to Rabat?",
        "merci",
        "",
        "كاين شي جديد? 12, 13",
    ],
)
def test_a_message_that_is_not_darija_is_left_alone(text: str) -> None:
    assert to_arabic(text) == text


def test_punctuation_is_arabic_only_beside_arabic() -> None:
    assert to_arabic("wach nta hna? ok, rendez-vous, 3afak; 3,5 dh") == (
        "واش نتا هنا؟ اوكي، rendez-vous, عافاك؛ 3,5 dh"
    )


@given(st.text(max_size=60) | st.text("abcdehiklmnoqrstuwy23579 '`@/.-", max_size=40))
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@given(st.text("abcdefghijklmnopqrstuvwxyz2356789' ", max_size=30))
def test_any_word_can_be_written(text: str) -> None:
    once = to_arabic(text)
    assert len(once.split()) >= len(text.split()) or "'" in text
    assert to_arabic(text) == once


@pytest.mark.parametrize("part", ["a", "ab-", "1-1", "3", "lle", "kat", "c'"])
def test_what_is_too_long_for_a_word_is_not_looked_up(part: str) -> None:
    """Else it would take time that grows with the square of its length."""
    word = part * (LONGEST // len(part) + 1)
    assert to_arabic(f"bghit {word}") == f"بغيت {word}"

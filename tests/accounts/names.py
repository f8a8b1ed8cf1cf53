"""Sample names in many languages, and the other ways in which people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# First and last name. The last name may be empty: many people have one name.
SHELF = (
    *(
        ("Siobhán", "O’Brien"),
        ("Seán", "O'Connor"),
        ("Aoife", "Ní Dhomhnaill"),
        ("Ruairí", "MacGiolla Bhríde"),
    ),
    *(
        ("Łukasz", "Wójcik-Żółć"),
        ("Małgorzata", "Brzęczyszczykiewicz"),
        ("Jiří", "Dvořák"),
        ("Ľubomír", "Ďurič"),
    ),
    *(("İpek", "Çelik"), ("Işıl", "Şahin"), ("Çağrı", "Öztürk"), ("ILGIN", "YILDIZ"), ("Əli", "Əliyev")),
    *(("Søren", "Kjærgaard"), ("Åse", "Øvergård"), ("Þórður", "Guðmundsdóttir"), ("Jökull", "Ægisson")),
    *(("Jürgen", "Groß-Strauß"), ("Anne-Marie", "Müller"), ("GROẞ", "Weiß"), ("Noël", "Œuvrard")),
    *(("Đorđe", "Đurić"), ("Nguyễn", "Thị Hồng Đào"), ("Ștefan", "Țurcanu"), ("Žydrūnas", "Šarūnas")),
    *(
        ("Mária", "Erdős"),
        ("Ģirts", "Ķēniņš"),
        ("Õnne", "Pärn"),
        ("Mikołaj", "d’Abrowski"),
        ("Ana", "d'Ávila"),
    ),
    *(
        ("Núria", "Gal·la"),
        ("José María", "de la Cruz"),
        ("João", "Conceição"),
        ("Iñaki", "Etxeberría Ibáñez"),
    ),
    *(("Νίκος", "Παπαδόπουλος"), ("ΕΛΕΝΗ", "Αγγέλου"), ("Наталья", "Ёлкина"), ("Андрій", "Гуцуляк-Їжак")),
    *(
        ("Երեւան", "Գրիգորյան"),
        ("ნინო", "ბერიძე"),
        ("محمد", "عبد الرّحمن"),
        ("שָׂרָה", "בֶּן־דָּוִד"),
        ("فاطمة", "الزهراء"),
    ),
    *(
        ("小龍", "李"),
        ("さくら", "ヤマダ"),
        ("민준", "김"),
        ("สมชาย", "ใจดี"),
        ("प्रिया", "शर्मा"),
        ("Tāne", "Ngāi-Tahu"),
    ),
    *(
        ("Keoni", "Kaʻahumanu"),
        ("Sinéad", "Ó Súilleabháin"),
        ("Ngozi", "Ọ̀ṣúndáre"),
        ("Ŋo", "Kɔɖɛ"),
        ("Ħandu", "Ġorġ"),
    ),
    *(
        ("Suharto", ""),
        ("Ng", "Wu"),
        ("Bo", "Å"),
        ("Mary  Ann", "Smith–Jones"),
        ("X Æ", "A-12"),
        ("J. R.", "St. John"),
    ),
    *(
        ("Ĳsbrand", "van ’t Hoff"),
        ("Ffion", "Llŷr"),
        ("Mònica", "ﬁsher"),
        ("Ｗｉｄｅ", "Ｎａｍｅ"),
        ("Zoë", "O`Neill"),
    ),
)
APOSTROPHES = "'’‘ʼʻ`´′＇"
PLAIN = str.maketrans(
    {
        "Ł": "L",
        "ł": "l",
        "Ø": "O",
        "ø": "o",
        "Đ": "D",
        "đ": "d",
        "ß": "ss",
        "ẞ": "SS",
        "ı": "i",
        "Æ": "AE",
        "æ": "ae",
        "Œ": "OE",
        "œ": "oe",
        "Þ": "Th",
        "þ": "th",
        "ð": "d",
        "Ħ": "H",
        "ħ": "h",
    }
)
HYPHENS = re.compile("[-\u2010\u2011–]")


def without_accents(text: str) -> str:
    """Letters without their marks, as somebody types them whose keyboard has none."""
    apart = unicodedata.normalize("NFD", text.translate(PLAIN))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def variations(first: str, last: str, email: str) -> Iterator[tuple[str, str]]:
    """Each way to write a name, with what it is called."""
    name = f"{first} {last}".strip()
    yield "as stored", name
    for mark in APOSTROPHES:
        yield f"apostrophe {mark}", re.sub(f"[{APOSTROPHES}]", mark, name)
    yield "without apostrophes", re.sub(f"[{APOSTROPHES}]", "", name)
    yield "without accents", without_accents(name)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        yield form, unicodedata.normalize(form, name)
    if last:
        yield "surname first", f"{last}, {first}"
        yield "surname first without comma", f"{last} {first}"
    yield "name and address", f"{name} <{email}>"
    yield "quoted name and address", f'"{last}, {first}" <{email.upper()}>'
    yield "address", email
    yield "double spaces", f"  {name.replace(' ', '  ')} "
    yield "no-break spaces", name.replace(" ", "\u00a0")
    yield "space for hyphen", HYPHENS.sub(" ", name)
    yield "no hyphen", HYPHENS.sub("", name)
    yield "no-break hyphen", HYPHENS.sub("\u2011", name)
    yield "capitals", name.upper()
    yield "small", name.lower()
    yield "folded", name.casefold()
    yield "small after capitals", name.upper().lower()
    yield "first only", first

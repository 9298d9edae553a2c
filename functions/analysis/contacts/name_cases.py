"""A Russian name that was said in another case, as its owner would write it: «Татьяной», «Ивана Петровича».

Only where the nominative of the first name is one that everybody knows, and every other word follows it; a name that
is not understood whole stays as said.
"""

from __future__ import annotations

from functools import cache

from functions.analysis.contacts.number_words import fold
from functions.analysis.words import words

# What an ending is in the nominative.
_FIRST = (
    ("ом", ""), ("ем", "й"), ("ем", "ь"), ("а", ""), ("я", "й"), ("я", "ь"), ("ой", "а"), ("ою", "а"), ("ей", "я"),
    ("ей", "а"), ("ью", "ь"), ("ы", "а"), ("и", "я"), ("и", "а"), ("у", "а"), ("ю", "я"),
)  # fmt: skip
_FLEETING = {"павл": "павел", "льв": "лев"}
_PATRONYMICS = (
    ("ичем", "ич"), ("ича", "ич"), ("вной", "вна"), ("вны", "вна"), ("вну", "вна"), ("чной", "чна"), ("чны", "чна"),
    ("чну", "чна"),
)  # fmt: skip
_MANS = (
    ("ич", "ич"), ("овым", "ов"), ("евым", "ев"), ("иным", "ин"), ("ова", "ов"), ("ева", "ев"), ("ина", "ин"),
    ("ским", "ский"), ("ского", "ский"), ("цким", "цкий"), ("цкого", "цкий"),
)  # fmt: skip
_WOMANS = (
    ("вна", "вна"), ("чна", "чна"), ("овой", "ова"), ("евой", "ева"), ("иной", "ина"), ("ову", "ова"), ("еву", "ева"),
    ("ину", "ина"), ("ской", "ская"), ("скую", "ская"), ("цкой", "цкая"), ("цкую", "цкая"),
)  # fmt: skip
_SAME_IN_ALL_CASES = ("ко", "ых", "их")
_CONSONANTS = tuple("бвгджзклмнпрстфхцчшщ")


def nominative(name: str) -> str:
    """The name in the nominative, or as said where it is in it already or not understood whole."""
    said = name.split()
    declined = any(fold(word).endswith(ending) for word in said[1:] for ending, _instead in _PATRONYMICS)
    for place, word in enumerate(said):
        found = first_name(word, declined=declined)
        if found is not None:
            others = (*said[:place], *said[place + 1 :])
            suffixes = _WOMANS if found.endswith(("а", "я", "ь")) and not found.endswith("рь") else _MANS
            mended = [_other(one, suffixes) for one in others]
            whole = [one for one in mended if one is not None]
            return " ".join((*whole[:place], found, *whole[place:])) if len(whole) == len(others) else name
    return name


def first_name(word: str, *, declined: bool = False) -> str | None:
    """The nominative of a first name in another case; None for one in the nominative, or no name at all.

    `declined`: the words beside it are in another case, so «Александра» is of an «Александр».
    """
    folded = fold(word)
    if folded in first_names() and not declined:
        return None
    for ending, instead in _FIRST:
        stem = folded.removesuffix(ending)
        found = _FLEETING.get(stem, stem + instead)
        if stem != folded and found in first_names():
            kept = word[: len(stem)] + found[len(stem) :] if found.startswith(stem) else found
            return kept[:1].upper() + kept[1:] if word[:1].isupper() else kept
    return None


@cache
def first_names() -> frozenset[str]:
    """First names that everybody knows, folded."""
    return frozenset(map(fold, words("names", "first")))


def _other(word: str, suffixes: tuple[tuple[str, str], ...]) -> str | None:
    """A patronymic or a surname in the nominative; None where nobody can tell."""
    folded = fold(word)
    for ending, instead in (*_PATRONYMICS, *suffixes):
        if folded.endswith(ending):
            return word[: len(word) - len(ending)] + instead
    is_same = folded.endswith(_SAME_IN_ALL_CASES) or (suffixes is _WOMANS and folded.endswith(_CONSONANTS))
    return word if is_same else None

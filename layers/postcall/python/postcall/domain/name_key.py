"""A name as it is searched: each word folded over its spellings in Cyrillic and Latin, and only its keyed hash kept.

Юлия, Yulia, Julia and Iuliia are one word, and so are Ковалёв, Kovalev and Kovalyov. The fold is coarse on purpose:
who is found by it is looked at by a person, and a caller's name is written down by ear anyway.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

LONGEST_NAME = 200  # characters
WORDS_KEPT = 6
_DIGEST_CHARACTERS = 24
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "ё": "e", "є": "e", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ў": "v", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
# In this order: what stands for one sound in somebody's Latin becomes one spelling.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|sch", "sh"),
        (r"kh|gh|g", "h"),
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"tz", "ts"),
        (r"c(?=[eiyv])", "ts"),
        (r"c(?!h)", "k"),
        (r"[yij]+", "i"),
        (r"i(?=[aeou])", ""),
        (r"(?<=[lnrtszv])o(?=v\b)", "e"),
        (r"(.)\1+", r"\1"),
    )
)
_WORD = re.compile(r"[^\W\d_]+")


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, initials and doubles left out."""
    plain = unicodedata.normalize("NFKC", name[:LONGEST_NAME]).casefold().replace("'", "").replace("’", "")
    words = (_folded(word) for word in _WORD.findall(plain))
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))[:WORDS_KEPT]


def name_keys(name: str, key: bytes) -> list[str]:
    """The keyed hash of each word; none without a key."""
    return [_keyed(word, key) for word in name_words(name)] if key else []


def _folded(word: str) -> str:
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in word)
    base = "".join(letter for letter in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(letter))
    for pattern, sound in _SOUNDS:
        base = pattern.sub(sound, base)
    return base


def _keyed(word: str, key: bytes) -> str:
    return hmac.new(key, f"name:{word}".encode(), hashlib.sha256).hexdigest()[:_DIGEST_CHARACTERS]

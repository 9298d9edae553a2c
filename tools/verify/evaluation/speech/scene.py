"""Who and what one generated call is about, and how each of it is said.

| place | is |
|---|---|
| `own`, `bad`, `other`, `agent`, `network` | phones: the caller's, the same misheard, another's, the office's, … |
| `.tail`, `.last`, `.middle`, `.code` | the part that `bad` has differently |
| `.before_middle`, `.after_middle`, `.start`, `.end`, `.half`, `.typed_start`, `.typed_end` | pieces |
| `.digits`, `.e164`, `.bare`, `.float`, `.int`, `.plain`, `.nbhyphens` | forms in which no voice is heard |
| `email`, `bad_email`, `email2` (`.local`, `.domain`, `.written`) | the caller's, the same said wrongly, another |
| `name` (`.full`, `.first`, `.last`, `.instrumental`), `agent_name` | people |
| `document`, `amount`, `date`, `card`, `extension`, `five`, `six`, `seven`, `doubtful` | other digits |
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from tools.verify.evaluation.speech import digits, emails, names, phones
from tools.verify.evaluation.speech.emails import Email
from tools.verify.evaluation.speech.patterns import Pattern
from tools.verify.evaluation.speech.phones import Phone

_DIFFERENCES = ("middle", "code", "last")


@dataclass
class Scene:
    """Everything that a pattern may name. Within a turn all digits are said in one style."""

    language: str
    phones: dict[str, Phone]
    emails: dict[str, Email]
    name: names.Name
    texts: dict[str, str]
    dice: random.Random
    cut_at: int
    style: str = "spaces"

    @property
    def network(self) -> Phone:
        """The number from which the call comes."""
        return self.phones["network"]

    def new_turn(self, dice: random.Random) -> None:
        """Somebody else speaks, in a style of their own."""
        self.style = dice.choice((*phones.FIGURES, *phones.WORDS))

    def value(self, what: str, part: str) -> str | float:
        """What stands in a place."""
        if what in self.phones:
            return self._phone(self.phones[what], part)
        if what in self.emails:
            found = self.emails[what]
            return (found.address or "") if part == "written" else str(getattr(found, part or "spoken"))
        if what == "name":
            return str(getattr(self.name, part))
        if what == "amount":
            return digits.amount(self.language, self.dice)
        return self._document(self.texts[what]) if what == "document" else self.texts[what]

    def written(self, what: str, part: str) -> str:
        """What somebody who understood it would write down."""
        if what in self.phones:
            return self.phones[what].e164
        return self.emails[what].address or "" if what in self.emails else str(self.value(what, part))

    def _document(self, number: str) -> str:
        groups = digits.grouped(number, self.cut_at)
        return phones.dictated(groups, self.style, self.language, self.dice)

    def _phone(self, phone: Phone, part: str) -> str | float:
        groups, length = phone.groups, len(phone.groups)
        forms: dict[str, str | float] = {
            "digits": phone.digits,
            "typed_start": phone.digits[:6],
            "typed_end": phone.digits[6:],
            "e164": phone.e164,
            "bare": phone.e164[1:],
            "float": float(phone.digits),
            "int": int(phone.digits),
            "plain": (" ".join(groups[:-2]) + " " + "-".join(groups[-2:])).replace("+ ", "+"),
            "nbhyphens": "\u2011".join(groups).replace("+\u2011", "+"),
        }
        if part in forms:
            return forms[part]
        pieces = {
            "": groups,
            "tail": groups[-1:],
            "last": (groups[-1][-1],),
            "middle": groups[-3:-2],
            "code": groups[-4:-3],
            "before_middle": groups[:-3],
            "after_middle": groups[-2:],
            "start": groups[: length - self.cut_at],
            "end": groups[length - self.cut_at :],
            "half": groups[: length - self.cut_at],
        }
        return phones.dictated(pieces[part], self.style, self.language, self.dice)


def scene(pattern: Pattern, text: str, dice: random.Random) -> Scene:
    """People, numbers and addresses for a pattern; `text` shows which of their parts it names."""
    is_cut = "{own." in text or "{bad" in text
    own = phones.domestic(dice) if is_cut else phones.anywhere(dice)
    bad = own
    if "{bad" in text and "{bad_" not in text:
        parts = (part for part in _DIFFERENCES if f"{{bad.{part}}}" in text or f"{{own.{part}}}" in text)
        part = next(parts, "tail")
        bad = phones.misheard(own, part, dice)
    email = emails.email(dice.choice(pattern.kind), pattern.language, dice)
    change = emails.other_local if "{email.local}" in text else emails.other_provider
    return Scene(
        language=pattern.language,
        phones={
            "own": own,
            "bad": bad,
            "other": phones.domestic(dice),
            "agent": phones.landline(dice),
            "network": phones.domestic(dice),
        },
        emails={
            "email": email,
            "bad_email": change(email, dice) if email.address else email,
            "email2": emails.email("word", pattern.language, dice),
        },
        name=names.name(pattern.language, dice),
        texts=digits.texts(dice) | {"agent_name": dice.choice(names.AGENTS[pattern.language])},
        dice=dice,
        cut_at=dice.choice((1, 2)),
    )

"""A caller mends the address they have just said: «нет, не mail, а yandex», «точка by, а не ru»."""

from __future__ import annotations

from functions.analysis.contacts.corrections import breaks_off, is_wrong
from functions.analysis.contacts.email_domain import domain_after
from functions.analysis.contacts.email_local import written
from functions.analysis.contacts.email_tokens import Token, tokens_of
from functions.analysis.contacts.email_words import domain_words, provider_zones, zones
from functions.analysis.contacts.emails import valid_email
from functions.analysis.words import patterns, words


def corrected_email(address: str, text: str, folded: str) -> str | None:
    """The address as mended; empty when it was taken back or cannot be mended for sure; None when nobody mends it."""
    swaps = [match for one in patterns("corrections", "swap_words") if (match := one.search(folded))]
    for swap in swaps:
        wrong, right = (text[slice(*swap.span(name))] for name in ("wrong", "right"))
        if mended := _swapped(address, wrong, right):
            return mended
    if not breaks_off(folded):
        return None
    local, _, _domain = address.partition("@")
    tokens = tokens_of(text)
    for index, token in enumerate(tokens):
        if token.folded in words("emails", "at") and (domain := domain_after(tokens, index + 1)) is not None:
            return (valid_email(f"{local}@{domain.text}") if domain.text else None) or ""
    if mended := _domain_alone(address, tokens):
        return mended
    return "" if is_wrong(folded) or len(tokens) > 1 else None


def takes_back(folded: str) -> bool:
    """Whether a text says that the address before it is not the one."""
    return breaks_off(folded)


def _domain_alone(address: str, tokens: list[Token]) -> str | None:
    """«…, ой, gmail точка com», «…, нет, yandex»: another domain, or a provider's name, and nothing else."""
    local, _, old = address.partition("@")
    first = next((index for index, one in enumerate(tokens) if not _leads_up(one)), len(tokens))
    domain = domain_after(tokens, first)
    rest = tokens[domain.end :] if domain is not None and domain.text is not None else []
    if domain is not None and domain.text is not None and all(map(_leads_up, rest)):
        return _valid(local, *domain.text.rsplit(".", 1))
    words_left = [one for one in tokens if not _leads_up(one)]
    label = _label(words_left[0].text) if len(words_left) == 1 else None
    name, _, zone = old.rpartition(".")
    if label in provider_zones():
        return _valid(local, label, zone)
    return _valid(local, name, label) if label is not None else None


def _leads_up(token: Token) -> bool:
    """Whether a token only leads up to a correction, or stands between its words."""
    if not token.text[0].isalnum() or breaks_off(token.folded):
        return True
    is_label = token.folded in domain_words() or token.folded in provider_zones()
    return token.folded in words("emails", "introduce") and not is_label


def _swapped(address: str, wrong: str, right: str) -> str | None:
    local, _, domain = address.partition("@")
    label, _, zone = domain.rpartition(".")
    wrong_label, right_label = _label(wrong), _label(right)
    if right_label is not None and wrong_label in {domain, label}:
        return _with_domain(local, right_label, zone)
    if right_label is not None and wrong_label == zone and right_label in zones():
        return _valid(local, label, right_label)
    old, new = written(tokens_of(wrong), wrong), written(tokens_of(right), right)
    if old is None or new is None or local.count(old) != 1:
        return None
    return valid_email(f"{local.replace(old, new)}@{domain}")


def _with_domain(local: str, label: str, zone: str) -> str | None:
    if "." in label:
        return _valid(local, *label.rsplit(".", 1))
    return _valid(local, label, zone)


def _valid(local: str, label: str, zone: str) -> str | None:
    under = provider_zones().get(label)
    if zone not in zones() or (under is not None and zone not in under):
        return None
    return valid_email(f"{local}@{label}.{zone}")


def _label(said: str) -> str | None:
    """A domain, its name or its zone, as said in a correction."""
    tokens: list[Token] = tokens_of(said)
    whole = domain_after(tokens, 0)
    if whole is not None and whole.text is not None:
        return whole.text
    if len(tokens) != 1:
        return None
    word = domain_words().get(tokens[0].folded, tokens[0].folded)
    return word if word in zones() or word in provider_zones() else None

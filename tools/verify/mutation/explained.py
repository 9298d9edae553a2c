"""Why a mutant may live: each names the one change that it excuses, to the letter, and no other in its function."""

from __future__ import annotations

from tools.verify.mutation.survivors import Survivor

WORDING = "the wording of a sentence for people"
_DROPPED = "the one who catches this error drops its sentence and tells his own"
_OWN_ROW = "400 has a row of its own, looked at before"
# The function, its line as it is, and as it became.
EXPLAINED: dict[tuple[str, str, str], str] = {
    (
        "functions.dispatch.answer.read_answer",
        "inner = json.loads(quote_names(inner), strict=False, object_pairs_hook=_no_doubles)",
        "inner = json.loads(quote_names(inner), strict=None, object_pairs_hook=_no_doubles)",
    ): "None is as false as False",
    (
        "functions.dispatch.answer.quote_names",
        "raise ValueError(f'unexpected character at {position}')",
        "raise ValueError(None)",
    ): _DROPPED,
    (
        "functions.dispatch.answer._no_doubles",
        "raise ValueError('a name stands twice')",
        "raise ValueError(None)",
    ): _DROPPED,
    ("functions.dispatch.classify._judge_created", "members = None", "members = ''"): "neither is an object",
    (
        "functions.dispatch.classify._judge_status",
        "if status in _WRONG_ADDRESS or 300 <= status < 400:",
        "if status in _WRONG_ADDRESS or 300 <= status <= 400:",
    ): _OWN_ROW,
    (
        "functions.dispatch.classify._judge_status",
        "if status in _WRONG_ADDRESS or 300 <= status < 400:",
        "if status in _WRONG_ADDRESS or 300 <= status < 401:",
    ): _OWN_ROW,
    (
        "functions.intake.signature._matches",
        "found |= hmac.compare_digest(expected, signature.encode('utf-8', 'replace'))",
        "found |= hmac.compare_digest(expected, signature.encode('UTF-8', 'replace'))",
    ): "the same encoding",
    (
        "functions.dispatch.plain_text.one_line",
        r"return re.sub('\\s+', ' ', text if text.isprintable() else ''.join(map(_printable, text))).strip()",
        r"return re.sub('\\s+', ' ', text if text.isprintable() and False else ''.join(map(_printable, text))).strip()",
    ): "what is printable comes out of the longer way as it went in",
    (
        "functions.dispatch.usecases.dispatch._repeats_are_safe",
        "return True",
        "return False",
    ): "where nothing is in doubt `decide` does not look at it",
    (
        "functions.intake.signature._parse",
        "timestamp = ''.join(timestamps)",
        "timestamp = 'XXXX'.join(timestamps)",
    ): "more than one time is refused, however they are joined",
    (
        "functions.intake.usecases.quarantine.Gate.remember",
        "self._kept[name] = None",
        "self._kept[name] = ''",
    ): "only the names are looked at",
    (
        "functions.operations.attention.Group.add",
        "if since is not None and (self.since is None or since < self.since):",
        "if since is not None and (self.since is None or since <= self.since):",
    ): "of two equal moments either is the first",
    (
        "functions.operations.possible._resend",
        "offers = [command for command in settled if _RULES[command](event, now) is None]",
        "offers = [command for command in settled if _RULES[command](event, None) is None]",
    ): "the rules of settling ask for no time",
    (
        "functions.operations.possible._resolve_not_delivered",
        "if may_be_resolved(event.status, delivered=False):",
        "if may_be_resolved(event.status, delivered=None):",
    ): "None is as false as False",
    (
        "postcall.domain.retry.retry_delay",
        "ceiling = min(cap, base * 2 ** min(received - 1, 32))",
        "ceiling = min(cap, base * 2 ** min(received - 1, 33))",
    ): "the same wait for every base from a millisecond on and every cap up to 49 days",
}


def explanation(survivor: Survivor) -> str | None:
    """Why this one may live, or None."""
    if survivor.is_wording:
        return WORDING
    return EXPLAINED.get((survivor.place, survivor.before, survivor.after))

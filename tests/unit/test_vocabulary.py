"""One noun for one thing: no name in the code is one of the private words that docs/glossary.md replaced."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tools.local.paths import ROOT

# A private word, and the field's standard term for it. A leading underscore does not matter.
STANDARD = {
    "Aside": "QuarantineResult",
    "Books": "ReconciliationDriver",
    "CALM": "CLEAR_PENDING",
    "Chapter": "Section",
    "Desk": "DispatchHarness",
    "Door": "IntakeHarness",
    "EventsUntold": "EventsNotEscalated",
    "Flaw": "SignatureFault",
    "Foreign": "UnrecognizedResponse",
    "Happened": "TransportResult",
    "happened": "transport",
    "Members": "JsonObject",
    "PATIENCE": "GRACE_SECONDS, or a time-out",
    "PATIENCE_SECONDS": "GRACE_SECONDS",
    "PLANTS": "SEEDED_BUGS",
    "PacedCrm": "RateLimitedCrm",
    "Parked": "DeadLetter",
    "Patience": "SweepPolicy",
    "PatientAnalyst": "FallbackAnalyst",
    "QueueWord": "QueueName",
    "Reading": "PreparedCall",
    "Signs": "CallHeuristics",
    "TELLING": "ESCALATION_WINDOW",
    "Taken": "IngestResult",
    "Told": "the thing that is reported",
    "UNTOLD": "PENDING_ESCALATION",
    "WAITS_FOR_A_PERSON": "NEEDS_ATTENTION",
    "Watch": "AlarmSpec",
    "WatchedApi": "ApiMetrics",
    "Weather": "FaultInjector",
    "World": "Simulation",
    "again_in": "retry_in",
    "aside": "quarantine",
    "come_again": "schedule_retry",
    "end_telling": "end_escalation",
    "endings": "final_update",
    "eyes": "CrmInspector",
    "flaw": "fault",
    "flaw_at": "verify_signature",
    "flaw_now": "verify_signature",
    "flaw_of": "verify_signature",
    "for_real": "chaos",
    "given_up": "abandoned",
    "hunt": "detect",
    "misfortune": "failure_scenario",
    "misfortunes": "failure_scenarios",
    "not_put_off": "retry_not_scheduled",
    "note_duplicate": "record_duplicate",
    "note_sweep": "record_sweep",
    "note_told": "mark_escalated",
    "pace": "rate_limit",
    "park": "dead_letter",
    "parked": "dead_letter",
    "patience": "grace_period",
    "planted": "seeded",
    "plants": "seeded_bugs",
    "put_aside": "quarantine",
    "signs_of": "detect",
    "silence_rings": "alarm_on_missing_data",
    "stand_aside": "handle_skip",
    "standing_since": "pending_since",
    "story": "event_log",
    "stuck": "stalled",
    "take_in": "ingest",
    "told": "log_fields, or what it is",
    "untold": "unescalated",
    "watches": "alarm_specs",
    "weather": "fault_injector",
    "why_nothing_is_sent": "no_send_reason",
    "world": "simulation",
}


MEMBERS = {"stuck"}  # of the API's answers, on which others rely
FOLDERS = ("functions", "infra", "layers", "tests", "tools")
# The same words in a sentence: on a page, in an alarm, in a docstring.
SAID = re.compile(
    r"\b(untold|put(?:s|ting)? (?:\w+ ){0,4}aside|parks (?:\w+ )?messages?|given up|"
    r"(?<!\x22)stuck(?![\x22:])|patience|misfortunes?)\b",
    re.IGNORECASE,
)
TEXTS = sorted(
    path
    for folder in ("functions", "infra", "layers/postcall", "docs", "tools/postcall")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".js", ".json", ".md", ".toml", ".txt", ".html"}
    and path.name not in {"proof.md", "proof.ru.md", "uat-letter.md"}
)


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that the code gives to something, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno


def may_hold_one(text: str) -> bool:
    """Whether a private word stands in it at all, in a name or elsewhere: to parse every file takes seconds."""
    return not STANDARD.keys().isdisjoint(word.lstrip("_") for word in re.findall(r"\w+", text))


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_name_is_a_private_word(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name} is called {STANDARD[name.lstrip('_')]}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if may_hold_one(text := path.read_text(encoding="utf-8"))
        for name, line in names(ast.parse(text))
        if name.lstrip("_") in STANDARD and name not in MEMBERS
    ]
    assert found == []


def test_no_text_says_a_private_word() -> None:
    """What a run has recorded keeps the words of its time."""
    found = [
        f"{path.relative_to(ROOT)}:{text[: said.start()].count(chr(10)) + 1}: {said[0]}"
        for path in TEXTS
        for text in [path.read_text(encoding="utf-8")]
        for said in SAID.finditer(text)
    ]
    assert len(TEXTS) > 300
    assert found == []

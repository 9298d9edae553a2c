"""`python -m tools.verify.model_server.calls`: the labelled calls, all at once, through our steps and a real model.

The tiny model talks rubbish, and one worker serves a queue of calls that it cannot judge in time. So this holds what
must hold with any model: nobody waits longer than `ANALYSIS_MAX_WAIT_SECONDS` and a second, whatever the queue before
them, every lead is at the CRM, none has a wrong contact or a wrong verdict without a flag, and one without a judgement
says so. Some verdicts must come in time (`--judged`), or the run has shown nothing of a model's answers.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

import functions.analysis.handler
import functions.dispatch.handler
from functions.analysis.model.prompt import Prompt
from functions.analysis.taxonomy import taxonomy
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.event_table import EventTable
from postcall.aws.payloads import Payloads
from postcall.domain.analysis import Analysis, AnalysisSource, RecordedAnalysis
from tests.support.in_memory_aws import ANALYSES, BUCKET, EVENTS
from tests.support.in_process import sqs_record
from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench.findings import silence
from tools.verify.bench.sandbox import BenchHarness, sandbox
from tools.verify.evaluation import measures
from tools.verify.evaluation.dataset import Result, Row, read_rows
from tools.verify.model_server.running import running

SET = Path(__file__).parents[3] / "tests" / "samples" / "evaluation" / "llm-eval.jsonl"
WINDOW = 8_192  # tokens
OUR_SECONDS = 1.0  # of our own, beside what a call may wait, whatever the queue before it
NEVER = float("inf")
RULES_SECONDS = 900.0  # to read the rules once, on a busy machine
_INVOCATION = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)
_WRONG: dict[str, Callable[[list[Result]], float]] = {
    "a wrong phone": measures.wrong_phones,
    "a wrong name": measures.wrong_names,
    "a lost contact": measures.lost_contacts,
    "a contact that nobody gave": measures.unconsented_contacts,
    "a word that must not be there": measures.forbidden_words,
    "a child or an opt-out unnoticed": measures.missed_flags,
}


@dataclass(frozen=True)
class Lead:
    """One call's analysis, after how many seconds it was passed on, and whether its lead is at the CRM."""

    row: Row
    analysis: Analysis
    seconds: float = NEVER
    is_at_the_crm: bool = False


def faults(lead: Lead, at_most: float) -> Iterator[str]:
    """What may not be, with any model, of a call that may wait for so many seconds."""
    if lead.seconds > at_most:
        yield "late"
    if not lead.is_at_the_crm:
        yield "no lead"
    yield from (fault for fault, count in _WRONG.items() if count([Result(lead.row, lead.analysis)]))
    if not (lead.analysis.needs_review or _is_right(lead.row, lead.analysis)):
        yield "a wrong verdict without a flag"
    is_unjudged = lead.analysis.source is AnalysisSource.OFFLINE and lead.analysis.lead_status is None
    if is_unjudged and "no_ai_analysis" not in lead.analysis.flags:
        yield "no judgement, and no word of it"


def _is_right(row: Row, analysis: Analysis) -> bool:
    labels = all(getattr(analysis, name) in row.expected[name] for name in ("topic", "intent", "lead_status"))
    return labels and row.expected["score_min"] <= (analysis.quality_score or 0) <= row.expected["score_max"]


@dataclass
class Run:
    """Our steps with a queue before each, one worker for both."""

    ours: BenchHarness
    crm: CrmSimulator
    max_wait: float
    batch: int = 1  # calls that wait for the model side by side: as many as it has slots

    def leads(self, path: Path) -> list[Lead]:
        """Bring all calls of a file at once, and serve the queues until each has its lead, or the time is long over."""
        rows, until = read_rows(path), time.monotonic() + 2 * self.max_wait
        for line in path.read_text("utf-8").splitlines():
            self.ours.ingest(webhook(json.loads(line)["input"]))
        while any(recorded(row) is None for row in rows) and time.monotonic() < until:
            self._serve(self.ours.queues.analysis, functions.analysis.handler.handler, self.batch, wait_seconds=1)
        while self._serve(self.ours.queues.dispatch, functions.dispatch.handler.handler):
            pass
        return [self._lead(row) for row in rows]

    def _lead(self, row: Row) -> Lead:
        found = recorded(row)
        if found is None:
            return Lead(row, Analysis(AnalysisSource.OFFLINE))
        waited = (found.recorded_at - received_at(row)).total_seconds()
        return Lead(row, found.analysis, waited, bool(self.crm.leads(row.call.event_id)))

    def _serve(
        self, queue: str, handler: Callable[[Any, Any], dict[str, Any]], at_once: int = 1, *, wait_seconds: int = 0
    ) -> bool:
        """So many messages; what was served is deleted. False where none is visible."""
        found = self.ours.poller.receive_message(
            QueueUrl=queue,
            WaitTimeSeconds=wait_seconds,
            MaxNumberOfMessages=at_once,
            MessageSystemAttributeNames=["All"],
        )
        messages = {message["MessageId"]: message for message in found.get("Messages", [])}
        if messages:
            answer = handler({"Records": [sqs_record(message) for message in messages.values()]}, _INVOCATION)
            back = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
            for message_id in messages.keys() - back:
                self.ours.poller.delete_message(QueueUrl=queue, ReceiptHandle=messages[message_id]["ReceiptHandle"])
        return bool(messages)


def webhook(call: dict[str, Any]) -> bytes:
    """A labelled call as ElevenLabs would send it."""
    phone_call = {"type": "twilio", "direction": "inbound", "external_number": call["caller_id"]}
    metadata = {"call_duration_secs": call["duration_secs"], "phone_call": phone_call}
    members = {name: call.get(name) for name in ("agent_id", "conversation_id", "transcript", "analysis")}
    data = members | {"status": "done", "metadata": metadata}
    envelope = {"type": "post_call_transcription", "event_timestamp": int(time.time()), "data": data}
    return json.dumps(envelope, ensure_ascii=False).encode()


def recorded(row: Row) -> RecordedAnalysis | None:
    """The analysis of a call, once it was passed on."""
    table = AnalysisTable(clients.dynamodb(), analyses=ANALYSES, events=EVENTS, ttl_days=1)
    return table.latest(row.call.event_id)


def received_at(row: Row) -> datetime:
    """When a call came in.

    Raises:
        LookupError: For one that did not.
    """
    event = EventTable(clients.dynamodb(), EVENTS, Payloads(clients.s3, BUCKET), ttl_days=1).get(row.call.event_id)
    if event is None:
        raise LookupError(row.id)
    return event.received_at


def judged_by(base_url: str, path: Path, *, max_wait: int, deadline: int, batch: int = 1) -> list[Lead]:
    """The leads of all calls, with this server for a model."""
    settings = {
        "OPENAI_BASE_URL": base_url,
        "OPENAI_MODEL": "tiny",
        "OPENAI_DEADLINE_SECONDS": str(deadline),
        "ANALYSIS_MAX_WAIT_SECONDS": str(max_wait),
        "ANALYSIS_RETRY_BASE_SECONDS": "15",
        "ANALYSIS_RETRY_CAP_SECONDS": "300",
    }
    with CrmSimulator() as crm, silence(), sandbox(crm.service_url, api_key="none", **settings) as ours:
        return Run(ours, crm, max_wait, batch).leads(path)


def read_the_rules(base_url: str) -> None:
    """Let the server read the rules before the calls come: they are the same for all, and it keeps them."""
    rules = {"role": "system", "content": Prompt(taxonomy(), bounds_texts=True).rules}
    members = {"model": "tiny", "messages": [rules, {"role": "user", "content": "{}"}], "max_completion_tokens": 1}
    httpx.post(f"{base_url}/chat/completions", json=members, timeout=RULES_SECONDS).raise_for_status()


def written(leads: list[Lead], max_wait: int, least_judged: int = 0) -> tuple[str, bool]:
    """The report, and whether all is well and so many verdicts are the model's."""
    rows, is_well, at_most = [], True, max_wait + OUR_SECONDS
    for lead in leads:
        found = list(faults(lead, at_most))
        is_well = is_well and not found
        verdict = f"{lead.analysis.lead_status or 'no verdict'}, score {lead.analysis.quality_score or '–'}"
        details = ", ".join(lead.analysis.flags) or "no flag"
        rows.append(f"{lead.row.id}  {lead.seconds:6.1f} s  {verdict}  [{details}]  {'; '.join(found).upper()}")
    judged = sum(lead.analysis.source is AnalysisSource.OPENAI for lead in leads)
    longest = max((lead.seconds for lead in leads), default=0.0)
    rows += [
        "",
        f"{len(leads)} calls, {judged} judged by the model; the longest wait was {longest:.1f} s of {max_wait} s",
    ]
    if judged < least_judged:
        rows.append(f"{least_judged} verdicts in time were wanted: give the model more time (--deadline, --max-wait)")
        is_well = False
    return "\n".join([*rows, "passed" if is_well else "NOT passed"]), is_well


def main(arguments: list[str]) -> int:
    """Run, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.model_server.calls", description=__doc__)
    parser.add_argument("--max-wait", type=int, default=600, help="ANALYSIS_MAX_WAIT_SECONDS (default: %(default)s)")
    parser.add_argument("--deadline", type=int, default=240, help="OPENAI_DEADLINE_SECONDS (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=1, help="calls side by side: the server's slots (default: 1)")
    parser.add_argument("--judged", type=int, default=1, help="verdicts that must come in time (default: 1)")
    parser.add_argument("--base-url", help="a model's server that runs already; else a llama.cpp of our own is started")
    parser.add_argument("--set", type=Path, default=SET, help="labelled calls")
    options = parser.parse_args(arguments)
    terms = {"max_wait": options.max_wait, "deadline": options.deadline, "batch": options.batch}
    if options.base_url:
        leads = judged_by(options.base_url, options.set, **terms)
    else:
        with running(window=WINDOW) as server:
            read_the_rules(server.base_url)
            leads = judged_by(server.base_url, options.set, **terms)
    report, is_well = written(leads, options.max_wait, options.judged)
    print(report)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Intake as Lambda runs it: the real use cases, and around them what the handler does with a request and a result."""

from __future__ import annotations

from datetime import datetime

from functions.intake import elevenlabs, signature
from functions.intake import usecases as intake
from functions.intake.elevenlabs import Ignored
from functions.intake.signature import SignatureError
from functions.intake.webhook import KIND_OF
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import IncomingCall
from postcall.domain.quarantine import FORGEABLE, Kind, limits
from tools.verify.simulation.parts import Parts

LIMITS = limits(entries_per_minute=600, entries_per_day=5_000, bytes_per_day=500_000_000)  # no flood is simulated


class Intake:
    """Each method is one invocation, as those of `Steps`."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._gate = intake.Gate()

    def webhook(self, sent: bytes, header: str | None, *, is_vendors: bool) -> int:
        """One request at the door, from an address of ElevenLabs or another; the HTTP status of the answer."""
        try:
            try:
                self.verify(header, sent, self.parts.clock.now())
            except SignatureError as error:
                kind = KIND_OF[error.fault]
                kind = Kind.VENDOR if kind in FORGEABLE and is_vendors else kind
                self._quarantine(kind, error.fault.value, sent, header)
                return 401
            try:
                call = elevenlabs.read_envelope(sent)
            except Rejected as error:
                self._quarantine(Kind.CONTENT, str(error), sent, header)
                return 400
            if not isinstance(call, Ignored):
                self.ingest(call)
        except Unavailable:
            return 503
        return 200

    def release(self, quarantine_id: str) -> object:
        """An operator releases what was quarantined.

        Raises:
            Unavailable: An injected fault keeps it from answering.
        """
        return intake.release(
            quarantine_id,
            released_by="anna",
            quarantine=self.parts.quarantine,
            verify=self.verify,
            read=elevenlabs.read_envelope,
            ingest=self.ingest,
            clock=self.parts.clock,
        )

    def ingest(self, call: IncomingCall) -> intake.Receipt:
        parts = self.parts
        return intake.ingest(
            call, events=parts.events, persons=parts.parties, queue=parts.analysis_queue, clock=parts.clock
        )

    def verify(self, header: str | None, sent: bytes, received_at: datetime) -> None:
        now, tolerance = received_at.timestamp(), self.parts.environment.intake.intake_signature_tolerance_seconds
        signature.verify_signature(header, sent, secrets=self.parts.secrets, now=now, tolerance_seconds=tolerance)

    def _quarantine(self, kind: Kind, reason: str, sent: bytes, header: str | None) -> None:
        self.parts.alarms.ring("signature-rejected", "")
        intake.quarantine(
            kind,
            reason,
            sent,
            signature=header,
            quarantine=self.parts.quarantine,
            limits=LIMITS,
            gate=self._gate,
            is_erased=lambda _body: False,
            index=lambda _id, _body: None,
            clock=self.parts.clock,
        )

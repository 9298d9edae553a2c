"""The simulated ElevenLabs without its sockets: a workspace, its calls, and the questions that a test asks of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from tools.simulators.elevenlabs.conversations import JsonObject, WrongConversation, conversation, webhook_envelope
from tools.simulators.elevenlabs.delivery import Delivered, How, Post, Signed, deliver, signed
from tools.simulators.elevenlabs.faults import Faults
from tools.simulators.elevenlabs.spans import otel_envelope
from tools.simulators.elevenlabs.workspace import Webhook, Workspace


class ElevenLabs:
    """A workspace. `post` is how a webhook reaches us."""

    def __init__(self, webhook: Webhook, *, post: Post, now: Callable[[], float]) -> None:
        self.deliveries: list[Delivered] = []
        self.faults = Faults()
        self.workspace = Workspace(webhook)
        self._post = post
        self._now = now

    def add(self, conversation_id: str | None = None, *, ago: float | None = None, **members: Any) -> str:  # noqa: ANN401
        """Add a conversation and tell its id. `ago`: seconds since its start; by default it has just ended."""
        seconds = int(members.pop("seconds", 60))
        started_at = self._now() - (seconds if ago is None else ago)
        whole = conversation(conversation_id, started_at=started_at, seconds=seconds, **members)
        with self.workspace.lock:
            self.workspace.conversations[whole["conversation_id"]] = whole
        return str(whole["conversation_id"])

    def change(self, conversation_id: str, **members: Any) -> None:  # noqa: ANN401 — any member of the model
        """Change a conversation, e.g. `status="done"`.

        Raises:
            WrongConversation: What was asked for is no conversation; one sentence for the caller.
        """
        with self.workspace.lock:
            self.whole(conversation_id).update(members)

    def remove(self, conversation_id: str) -> None:
        """Forget a conversation, as a retention does."""
        with self.workspace.lock:
            self.workspace.conversations.pop(conversation_id, None)

    def whole(self, conversation_id: str) -> JsonObject:
        """A conversation.

        Raises:
            WrongConversation: What was asked for is no conversation; one sentence for the caller.
        """
        try:
            return self.workspace.conversations[conversation_id]
        except KeyError:
            raise WrongConversation("there is no such conversation") from None

    def signed(self, conversation_id: str, *, at: float | None = None, secret: str | None = None) -> Signed:
        """The webhook of a conversation, ready to be posted."""
        chosen = self.workspace.webhook.secret if secret is None else secret
        return signed(self._envelope(conversation_id), secret=chosen, at=self._now() if at is None else at)

    def _envelope(self, conversation_id: str) -> JsonObject:
        whole, webhook = self.whole(conversation_id), self.workspace.webhook
        if webhook.transcript_format == "opentelemetry":
            return otel_envelope(whole, with_content=webhook.transcript_content)
        return webhook_envelope(whole)

    def deliver(self, conversation_id: str, how: How = "normal") -> list[Delivered]:
        """Deliver a conversation's webhook in one of the ways of `delivery.How`."""
        done = deliver(
            self._envelope(conversation_id),
            how=how,
            webhook=self.workspace.webhook,
            now=self._now,
            send=self._post,
        )
        self.deliveries += done
        return done

    def call(self, how: How = "normal", **members: Any) -> str:  # noqa: ANN401 — see `add`
        """A call takes place and its webhook goes out; its id."""
        conversation_id = self.add(**members)
        self.deliver(conversation_id, how)
        return conversation_id

    def point_to(self, **members: Any) -> JsonObject:  # noqa: ANN401 — the webhook's members
        """Change the webhook: `url`, `secret`, `is_disabled`, `retry_enabled`, …

        Raises:
            WrongConversation: What was asked for is no conversation; one sentence for the caller.
        """
        known = {field.name for field in fields(Webhook)}
        if unknown := set(members) - known:
            raise WrongConversation(f"a webhook has no {', '.join(sorted(unknown))}")
        with self.workspace.lock:
            for name, value in members.items():
                setattr(self.workspace.webhook, name, value)
            return self.workspace.webhook.shown(with_usage=True)

    def fail_next(self, name: str, count: int = 1, number: float | None = None) -> None:
        """Let the next `count` requests to the API meet a fault.

        Raises:
            UnknownFault: There is no such fault; the sentence names those that there are.
        """
        self.faults.order(name, count, number)

    def requests(self) -> list[str]:
        """What was asked of the API: method and target."""
        with self.workspace.lock:
            return list(self.workspace.requests)

    def reset(self) -> None:
        """Forget everything but where the webhook leads."""
        self.faults.clear()
        self.deliveries.clear()
        with self.workspace.lock:
            webhook = self.workspace.webhook
            self.workspace.webhook = Webhook(url=webhook.url, secret=webhook.secret)
            self.workspace.conversations.clear()
            self.workspace.requests.clear()

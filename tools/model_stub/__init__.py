"""A stand-in for an OpenAI-compatible server: the answers and failures of a real one, by scenario, on loopback only."""

from tools.model_stub.reply import Answer
from tools.model_stub.scenarios import SCENARIOS
from tools.model_stub.server import MODEL, ModelStub

__all__ = ["MODEL", "SCENARIOS", "Answer", "ModelStub"]

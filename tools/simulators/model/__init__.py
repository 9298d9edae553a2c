"""A stand-in for an OpenAI-compatible server: the answers and failures of a real one, by scenario, on loopback only."""

from tools.simulators.model.reply import Response
from tools.simulators.model.scenarios import SCENARIOS
from tools.simulators.model.server import MODEL, ModelStub

__all__ = ["MODEL", "SCENARIOS", "ModelStub", "Response"]

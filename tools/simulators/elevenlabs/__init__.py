"""ElevenLabs on loopback: the two APIs that Postcall asks, and webhooks delivered as they come, and as they fail."""

from tools.simulators.elevenlabs.simulator import ElevenLabsSimulator

__all__ = ["ElevenLabsSimulator"]

"""Node-RED from npm, the same workflow in its two usual ways: `recipes/node-red/flows.json`, no editor.

Node-RED keeps nothing of a message on disk, and its HTTP request node has no retry; the flow has a loop for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from tools.verify.peers.install import INSTALLED, NODE, RECIPES, Say, install_npm, node_environment, npm_version
from tools.verify.peers.systems import Peer

_RETRIES = "a loop in the flow makes 3 tries, 1 s apart (its HTTP node has no retry of its own)"


class NodeRed(Peer):
    """One of the two flows; both are deployed."""

    def prepare(self, say: Say) -> None:
        """Install Node-RED."""
        install_npm("node-red", say)

    def furnish(self) -> None:
        """A user directory with the flows."""
        shutil.copy(RECIPES / "node-red" / "flows.json", self.home)

    def command(self) -> Sequence[str]:
        """`node-red` with our settings."""
        program = INSTALLED / "node-red" / "node_modules" / "node-red" / "red.js"
        return [str(NODE), str(program), "--settings", str(RECIPES / "node-red" / "settings.js")]

    def environment(self) -> Mapping[str, str]:
        """What `settings.js` reads."""
        return node_environment({"PORT": str(self.port), "NODE_RED_HOME": str(self.home)})

    def is_ready(self) -> bool:
        """Whether the flow is deployed: it refuses what is not signed, before that the path is unknown."""
        return self.ask(self.path, b"{}")[0] == HTTPStatus.UNAUTHORIZED

    def versions(self) -> dict[str, str]:
        """Node-RED's."""
        return {"node_red": npm_version("node-red")}


class NodeRedAtOnce(NodeRed):
    """The answer goes out once the signature is checked."""

    name = "node_red_at_once"
    setting = f"answers once the signature is checked; {_RETRIES}"
    path = "/at-once"


class NodeRedLastNode(NodeRed):
    """The answer goes out when the CRM has answered."""

    name = "node_red_last_node"
    setting = f"answers when the CRM has answered; {_RETRIES}"
    path = "/last-node"

"""What reconciliation does: sends again what stands still, fetches what was never delivered, accounts for each day."""

from functions.reconciliation.usecase.conversation import Conversation, Progress
from functions.reconciliation.usecase.ledger import make_ledger
from functions.reconciliation.usecase.reconcile import Reconciled, reconcile
from functions.reconciliation.usecase.sweep import Patience, Swept, sweep

__all__ = [
    "Conversation",
    "Patience",
    "Progress",
    "Reconciled",
    "Swept",
    "make_ledger",
    "reconcile",
    "sweep",
]

"""What reconciliation does: sends again what stands still, fetches what was never delivered, accounts for each day."""

from functions.reconciliation.usecases.account import make_ledger
from functions.reconciliation.usecases.check_erasures import ErasureFindings, check_erasures
from functions.reconciliation.usecases.conversation import Conversation, Progress
from functions.reconciliation.usecases.reconcile import Reconciled, reconcile
from functions.reconciliation.usecases.sweep import SweepPolicy, Swept, sweep

__all__ = [
    "Conversation",
    "ErasureFindings",
    "Progress",
    "Reconciled",
    "SweepPolicy",
    "Swept",
    "check_erasures",
    "make_ledger",
    "reconcile",
    "sweep",
]

"""The probes of all steps, found by the permission they show."""

from infra.names import Step
from tests.e2e.iam.probes import analysis, dispatch, intake, operations, reconciliation
from tests.e2e.iam.probes.probe import Probe

OF_STEP: dict[Step, tuple[Probe, ...]] = {
    "intake": intake.PROBES,
    "analysis": analysis.PROBES,
    "dispatch": dispatch.PROBES,
    "operations": operations.PROBES,
    "reconciliation": reconciliation.PROBES,
}
PROBES: dict[tuple[Step, str], Probe] = {
    (step, need): probe for step, probes in OF_STEP.items() for probe in probes for need in probe.needs
}

"""The synthesised templates under test. Three switches are set here, before anything imports aws_cdk."""

import os
import sys

import infra  # noqa: F401 — names the Node that CDK runs on

# A machine may forbid .pyc files, and CDK is megabytes of Python to compile at each start.
sys.dont_write_bytecode = False
# The validator that runs in every synthesis has a test of its own (test_findings.py).
os.environ["CDK_VALIDATION"] = "false"

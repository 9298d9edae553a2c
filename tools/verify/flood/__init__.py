"""Forged posts beside genuine calls on the local stack: what a flood costs, and what it leaves to the others."""

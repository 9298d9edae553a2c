"""What ministack 1.5.33 leaves out or does otherwise than AWS, one module each, named after what it restores.

The version is pinned because the fixes reach into private functions; tests/integration/local is the gate for an
upgrade. A fix goes when ministack ships the behaviour.
"""

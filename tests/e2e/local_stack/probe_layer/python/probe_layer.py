"""What the probe's layer brings."""
# ruff: noqa: INP001 — a layer's `python` folder, not a package

GREETING = "from the layer"

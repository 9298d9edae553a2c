"""The proof: what the runs measured, kept as files, and the document made from them."""

"""`python -m tools.verify.bench`: the table."""

import sys

from tools.verify.bench.table import main

sys.exit(main())

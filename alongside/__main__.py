"""`python -m alongside` is the command line."""

import sys

from alongside.config.command_line import main

sys.exit(main())

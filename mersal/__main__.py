"""`python -m mersal` is the command `mersal`."""

from mersal.cli import main

main()

"""`python -m hingecheck` is the command line."""

from hingecheck.cli.main import main

main()

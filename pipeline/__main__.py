"""`python -m pipeline` is `tessera`."""

from pipeline.cli.app import main

if __name__ == "__main__":
    main()

"""``python -m wire``: the same as the command ``wire``."""

from wire.cli.main import main

if __name__ == "__main__":
    main()

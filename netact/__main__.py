"""``python -m netact`` is the command ``netact``."""

from netact.cli import main

if __name__ == "__main__":
    main()

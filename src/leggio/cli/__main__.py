"""`python -m leggio.cli`."""

from leggio.cli import main

if __name__ == "__main__":
    main()

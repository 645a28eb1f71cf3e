"""`python -m bot`: the same commands as `bot`. Decides nothing."""

from bot.cli import main

if __name__ == "__main__":
    main()

"""`bot demo`: hands over to the demo, which needs no setting and no account."""


def show_demo(port: int | None) -> None:
    """Run the demo until it is interrupted."""
    from bot.web.demo.run import run

    run(port) if port else run()

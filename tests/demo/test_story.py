"""The story that the demo tells in its first minute, played in a real browser at laptop and at phone width."""

from collections.abc import Callable
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -r requirements-dev.txt")
expect = playwright.expect
PATIENCE = 30_000  # milliseconds


class Visitor:
    """Somebody in front of the page; on a narrow one the parts are behind tabs."""

    def __init__(self, page: Any):
        self.page = page

    def look_at(self, part: str) -> None:
        tab = self.page.locator(f".tabs [data-show={part}]")
        if tab.is_visible():
            tab.click()

    def sees(self, who: str, words: str) -> None:
        """The words stand in the last texts on this phone."""
        self.look_at(who)
        expect(self.page.locator(f"#{who}-log .words", has_text=words).last).to_be_visible(timeout=PATIENCE)

    def texts(self, who: str, words: str) -> None:
        self.look_at(who)
        self.page.locator(f"#{who}-text").fill(words)
        self.page.locator(f"#{who}-form button").click()

    def taps(self, who: str, chip: str) -> None:
        self.look_at(who)
        self.page.locator(f"#{who}-chips").get_by_role("button", name=chip, exact=True).click()

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator("body:not(.moving)")).to_have_count(1, timeout=PATIENCE)

    def goes_to(self, local: str) -> None:
        self.page.locator("#jump-to").fill(local)
        self.presses("Go")

    def is_at(self, clock: str, day: str) -> None:
        expect(self.page.locator("#clock-time")).to_have_text(clock, timeout=PATIENCE)
        expect(self.page.locator("#clock-day")).to_have_text(day, timeout=PATIENCE)

    def finds_text(self, step: str, *words: str, group: str) -> None:
        self.look_at("plan")
        row = self.page.locator(f"li.{group}[data-step={step}]").last
        for each in words:
            expect(row).to_contain_text(each, timeout=PATIENCE)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)], ids=["laptop", "phone"])
def test_the_story_from_booking_to_stop(open_page: Callable[..., Any], width: int, height: int) -> None:
    page = open_page(width, height)
    visitor = Visitor(page)
    visitor.is_at("10:00 AM", "Tue, Feb 17, 2026")

    page.locator(".person", has_text="Maria").click()
    visitor.sees("patient", "hi Maria, your micro-needling is Tue Mar 10 at 2:00 PM")
    visitor.finds_text("antiviral-start", "Sat, Mar 7", "9:00 AM", "planned", group="to-come")

    visitor.goes_to("2026-03-07T09:00")
    visitor.is_at("9:00 AM", "Sat, Mar 7, 2026")
    visitor.sees("patient", "start your antiviral today")
    visitor.finds_text("antiviral-start", "delivered", group="sent")

    visitor.goes_to("2026-03-09T09:30")
    visitor.presses("Next text")
    visitor.is_at("10:00 AM", "Mon, Mar 9, 2026")
    visitor.sees("patient", "do not shave tomorrow")

    visitor.presses("To the treatment")
    visitor.is_at("2:40 PM", "Tue, Mar 10, 2026")
    visitor.sees("patient", "your micro-needling is today at 2:00 PM. Do not shave.")
    visitor.presses("Treatment ends now")
    visitor.sees("patient", "Wash no earlier than 6:40 PM")

    visitor.texts("patient", "CAN I EXERCISE")
    visitor.sees("patient", "until Wed 2:40 PM")
    page.locator("#why > summary").click()
    for words in ("a question about exercise", "The treatment ended Tue 2:40 PM; 24 hours after that is Wed 2:40 PM."):
        expect(page.locator("#why-list")).to_contain_text(words)
    expect(page.locator("#why-list blockquote")).to_contain_text("Avoid strenuous exercise", timeout=PATIENCE)
    expect(page.locator("#why-technical-list")).to_contain_text("second opinion")
    expect(page.locator("#why-technical-list")).not_to_be_visible()
    visitor.look_at("plan")
    expect(page.locator("#timeline .now")).to_be_in_viewport()

    visitor.goes_to("2026-03-10T18:40")
    visitor.sees("patient", "your 4 hours are over. You may wash your face now")
    visitor.finds_text("wash-window", "Tue, Mar 10", "6:40 PM", "delivered", group="sent")

    visitor.texts("patient", "yellow stuff is coming out")
    visitor.sees("staff", "yellow stuff is coming out")
    expect(page.locator("#why")).to_contain_text("a warning sign")
    visitor.taps("staff", "A 1")
    visitor.sees("patient", "Kim from our team has your message")

    visitor.taps("patient", "STOP")
    expect(page.locator("#timeline .to-come")).to_have_count(0, timeout=PATIENCE)
    visitor.look_at("plan")
    page.locator("#left-out > summary").click()
    visitor.finds_text("exercise-again", "the patient texted STOP", group="left-out")


def test_nobody_takes_a_case_and_it_climbs(open_page: Callable[..., Any]) -> None:
    page = open_page()
    visitor = Visitor(page)
    page.locator(".person", has_text="Dana").click()
    visitor.presses("To the treatment")
    visitor.texts("staff", "DONE Dana 11:35")
    visitor.sees("patient", "Wash no earlier than")
    visitor.texts("patient", "yellow stuff is coming out")
    visitor.sees("staff", "Reply A 1")
    visitor.presses("+15 min")
    visitor.sees("staff", "STILL OPEN")
    visitor.sees("patient", "we have not reached our team yet")
    page.get_by_role("button", name="Lee", exact=True).click()
    visitor.sees("staff", "STILL OPEN")


def test_a_visitor_books_a_patient_of_her_own(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.locator("#own > summary").click()
    expect(page.get_by_label("Treatment starts")).to_have_value("2026-03-10T10:00")
    page.get_by_label("Name").fill("Alex Rivera")
    page.get_by_label("Treatment starts").fill("2026-03-02T16:15")
    page.get_by_label("the area around the eyes is treated").check()
    page.locator("#own-form button").click()
    Visitor(page).sees("patient", "hi Alex, your micro-needling is Mon Mar 2 at 4:15 PM")
    expect(page.locator(".person.picked")).to_contain_text("Alex")


def test_what_cannot_be_booked_is_said_on_the_page(open_page: Callable[..., Any]) -> None:
    page = open_page(refused=422)
    page.locator("#own > summary").click()
    page.get_by_label("Name").fill("Alex Rivera")
    page.get_by_label("Treatment starts").fill("2026-01-02T16:15")
    with page.expect_response("**/demo/book") as answer:
        page.evaluate("document.getElementById('own-form').requestSubmit()")
    assert answer.value.status == 422
    expect(page.get_by_role("alert")).to_contain_text("Treatment starts (clinic time): It is past")
    expect(page.get_by_role("alert")).not_to_contain_text("starts_at")
    expect(page.locator("#patient-log .theirs")).to_have_count(0)

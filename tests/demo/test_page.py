"""The page itself: it can be read, operated by keyboard and heard, in both colour schemes and at every width."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -r requirements-dev.txt")

# Contrast as WCAG 2 computes it, of every visible text against what is painted behind it; lists what is too weak.
FAINT = """() => {
  const one = Object.assign(document.createElement('canvas'), {width: 1, height: 1});
  const canvas = one.getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(':disabled')) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    const what = `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`;
    if (ratio < 4.5) faint.push(`${what} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
NAMELESS = """() => [...document.querySelectorAll('button, input, summary, [role=log], [role=group]')]
  .filter((e) => !(e.ariaLabel || e.getAttribute('aria-labelledby') || e.labels?.length || e.textContent.trim()))
  .map((e) => e.outerHTML)"""
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
SMALL = """() => [...document.querySelectorAll('button')].filter((e) => e.checkVisibility())
  .filter((e) => e.getBoundingClientRect().height < 29).map((e) => e.outerHTML)"""


OUT_OF_ITS_CARD = """() => [...document.querySelectorAll('.person')].flatMap((card) => [...card.querySelectorAll('*')]
  .filter((part) => part.getBoundingClientRect().right > card.getBoundingClientRect().right)
  .map((part) => part.textContent))"""
# Clear of every edge and of everything else: where its middle is pressed, it is what is pressed.
OUT_OF_REACH = """(ids) => ids.filter((id) => {
  const box = document.getElementById(id).getBoundingClientRect();
  const pressed = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.left < 0 || box.right > innerWidth || pressed?.id !== id;
})"""
MOVES = ["next", "quarter", "hour", "treatment", "jump-to", "start-over"]
HEADER = "document.querySelector('header').getBoundingClientRect().height"


@pytest.fixture
def full_page(open_page: Callable[..., Any]) -> Callable[..., Any]:
    """A page with something in every part of it."""

    def full_page(width: int, height: int, scheme: str) -> Any:
        page = open_page(width, height, scheme)
        page.locator(".person", has_text="Maria").click()
        page.locator("#patient-log .theirs").first.wait_for()
        page.locator("#patient-chips button", has_text="CAN I EXERCISE").click()
        page.locator("#why").wait_for()
        return page

    return full_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)], ids=["laptop", "phone"])
def test_every_text_stands_out_and_every_control_has_a_name(
    full_page: Callable[..., Any], width: int, height: int, scheme: str
) -> None:
    page = full_page(width, height, scheme)
    for part in ("patient", "staff", "plan"):
        page.evaluate("part => { document.body.dataset.shown = part }", part)
        assert page.evaluate(FAINT) == []
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(TWICE) == []
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1280, 1440, 1920])
def test_nothing_sticks_out_sideways(full_page: Callable[..., Any], width: int) -> None:
    page = full_page(width, 800, "light")
    for part in ("plan", "patient", "staff"):
        page.evaluate("part => { document.body.dataset.shown = part }", part)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)], ids=["laptop", "phone"])
def test_the_bar_stands_still_and_its_controls_stay_in_reach(
    open_page: Callable[..., Any], width: int, height: int
) -> None:
    page = open_page(width, height)
    page.locator(".intro", has_text="texts a clinic's patients their care sheet").wait_for()
    heights = [page.evaluate(HEADER)]
    assert page.evaluate(OUT_OF_REACH, MOVES) == []
    page.locator(".person", has_text="Sam").click()
    for label in ("To the treatment", "Treatment ends now", "Ended 4:10 PM"):
        button = page.locator("#treatment", has_text=label)
        button.wait_for()
        heights.append(page.evaluate(HEADER))
        assert page.evaluate(OUT_OF_REACH, MOVES) == []
        if not label.startswith("Ended"):
            button.click()
    assert len(set(heights)) == 1


@pytest.mark.parametrize("width", [360, 390, 1280, 1366])
def test_no_label_runs_out_of_its_card(open_page: Callable[..., Any], width: int) -> None:
    page = open_page(width, 800)
    page.locator("#own > summary").click()
    page.get_by_label("Name").fill("Wilhelmina-Bartholomea Rivera")
    page.locator("#own-form button").click()
    page.locator("#patient-log .theirs").first.wait_for()
    page.evaluate("document.body.dataset.shown = 'plan'")
    assert page.locator(".person .verb").all_inner_texts() == ["Book", "Book", "Book", ""]
    assert page.evaluate(OUT_OF_ITS_CARD) == []


def test_on_a_phone_the_texts_begin_at_the_present(open_page: Callable[..., Any]) -> None:
    page = open_page(390, 844)
    page.locator(".person", has_text="Maria").click()
    page.locator("#treatment", has_text="To the treatment").click()
    page.locator("#treatment", has_text="Treatment ends now").wait_for()
    page.locator(".tabs [data-show=plan]").click()
    now = page.locator("#timeline .now").bounding_box()
    texts = page.locator("#texts").bounding_box()
    assert texts["y"] < now["y"] < texts["y"] + texts["height"]


def test_on_a_laptop_both_phones_are_fully_in_view(full_page: Callable[..., Any]) -> None:
    page = full_page(1366, 768, "light")
    for field in ("#patient-text", "#staff-text"):
        box = page.locator(field).bounding_box()
        assert box["y"] + box["height"] <= 768


def test_a_text_unfolds_to_its_words_and_to_the_line_of_the_care_sheet(full_page: Callable[..., Any]) -> None:
    page = full_page(1366, 768, "light")
    row = page.locator("#timeline li[data-step=antiviral-start]")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.locator("blockquote", has_text="take an antiviral agent for 3 days prior").wait_for()
    row.locator(".words", has_text="start your antiviral today").wait_for()


def test_sending_works_by_keyboard_alone_and_keeps_the_focus(full_page: Callable[..., Any]) -> None:
    page = full_page(1366, 768, "light")
    page.locator("#patient-text").focus()
    page.keyboard.type("WASH?")
    page.keyboard.press("Enter")
    page.locator("#patient-log .mine", has_text="WASH?").wait_for()
    assert page.evaluate("document.activeElement.id") == "patient-text"
    assert page.locator("#patient-text").input_value() == ""

"""Why a text was read as it was: the words that spoke, and what every reader made of it. Decides nothing."""

from collections.abc import Sequence

from bot.conversation.model import Command, Reason
from bot.conversation.second_opinion.features import Found
from bot.conversation.second_opinion.linear import probability
from bot.conversation.second_opinion.opinion import Opinion
from bot.conversation.topics import TOLD
from bot.conversation.vocabulary import OFF_SHEET


def reasons(
    found: Found, opinion: Opinion, said: tuple[Command, str] | None, decided: Sequence[str], *, at_least: float
) -> list[Reason]:
    """What each reader said of a text, the rules first; topics only that are likely by `at_least`.

    `decided` are the words that decided the close reading, where that was asked for.
    """
    tokens, asked, heard = found.scene.plain.tokens, found.asked, found.hearing.whole
    why = [Reason("command", said[1], said[0])] if said else []
    why += [
        Reason("sign" if t.is_sure else "perhaps", t.found.words(tokens), f"{t.sign}, {t.standing}") for t in found.told
    ]
    why += [Reason("topic", h.words(tokens), h.means) for h in asked.topics]
    why += [Reason("effect", h.words(tokens), h.means.removeprefix(TOLD)) for h in asked.told]
    why += [
        Reason("topic", h.words(tokens), f"not in the sheet: {h.means.removeprefix(OFF_SHEET)}")
        for h in asked.off_sheet
    ]
    weights = ", ".join(f"{name} {weight:+.1f}" for name, weight in opinion.because)
    meant = ", ".join(f"{topic} {share:.2f}" for topic, share in opinion.topics.items() if share >= at_least)
    verdict = f"warning {opinion.warning:.2f}, emergency {opinion.emergency:.2f}, the sheet answers {opinion.sheet:.2f}"
    if read := found.closely:
        thought = f"warning {probability(read.odds['warning']):.2f}, {read.likeliest_topic}"
        why.append(Reason("close reading", ", ".join(decided) or "all of it", thought))
    return [
        *why,
        Reason("ear", "all of it", f"warning {probability(heard.odds['warning']):.2f}, {heard.likeliest[0]}"),
        Reason("second opinion", weights, f"{verdict}{': ' + meant if meant else ''}"),
    ]

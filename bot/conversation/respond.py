"""From what a text means to what is said and done about it: the reply, whether staff are told, and what changes.

Pure: it says what is to happen, and the use case makes it happen. It does not read texts and holds no state.
"""

from dataclasses import replace

from bot.content.model import Content
from bot.content.segments import measure
from bot.conversation.model import Command, Kind, Reading, Urgency
from bot.conversation.response import MOST_SEGMENTS, Change, Response, Situation
from bot.conversation.speech import Speech
from bot.conversation.to_questions import named, to_questions


def respond(reading: Reading, content: Content, situation: Situation) -> Response:
    """What is said and done about a text; whoever may want no more texts is told how to get none."""
    speak = Speech(content, situation)
    first = _first_that_fits(reading, speak)
    return _and_how_to_stop(first, speak) if reading.may_opt_out else first


def _first_that_fits(reading: Reading, speak: Speech) -> Response:
    """The first of these that fits: a warning, a command, an answer to our question, a question, anything else."""
    if reading.is_warning:
        return _to_a_warning(reading, speak)
    match reading.command:
        case Command.STOP:
            reason = "has texted STOP, and what may be a warning" if reading.urgency else ""
            return Response(speak("stopped"), reading.urgency, reason, changes={Change.STOP: True})
        case Command.START:
            return Response(speak("started"), changes={Change.START: True})
        case Command.HELP:
            return Response(speak("help"))
        case Command.CONFIRM:
            return _and_one_more(_and_to_questions(_confirmed(speak, reading), reading, speak), speak)
        case Command.MOVE:
            return Response(speak("move"), Urgency.ROUTINE, "wants another time")
    if (reading.answer is not None or reading.in_doubt) and speak.situation.asked:
        return _and_one_more(_and_to_questions(_to_an_answer(reading, speak), reading, speak), speak)
    if reading.topics:
        return to_questions(reading, speak)
    return _to_anything_else(reading, speak)


def _to_a_warning(reading: Reading, speak: Speech) -> Response:
    """A warning is answered as a warning even where a question stands beside it: a human looks first."""
    signs = [speak.content.signs[s] for s in reading.signs if s in speak.content.signs]
    fitting = [s for s in signs if s.urgency == reading.urgency] or signs
    reason = ", ".join(s.name for s in signs) or "warning"
    if reading.command is Command.STOP:
        # Both count: staff are alerted and will call, and she is not texted again.
        return Response(
            speak("stopped"), reading.urgency, f"{reason}; has also texted STOP", changes={Change.STOP: True}
        )
    text = speak.begun(speak.filled(fitting[0].reply)) if fitting else speak.passed_on()
    return Response(text, reading.urgency, reason)


def _and_how_to_stop(first: Response, speak: Speech) -> Response:
    """Staff read it whatever else it is, for they can take her off as well."""
    reason = ", ".join(filter(None, [first.reason, "may want no more texts"]))
    text = f"{first.text} {speak.bare('how to stop')}" if first.text else speak("how to stop")
    is_new = text not in speak.situation.said_before[-1:]
    said = text if is_new and measure(text).segments <= MOST_SEGMENTS else first.text
    return replace(first, text=said, urgency=first.urgency or Urgency.ROUTINE, reason=reason)


def _confirmed(speak: Speech, reading: Reading) -> Response:
    if speak.upcoming is None:
        return Response(speak("nothing to confirm"), Urgency.ROUTINE, "confirms, but has no appointment ahead")
    if reading.urgency is None:
        return Response(speak("confirmed"), changes={Change.CONFIRM: True})
    text = f"{speak('confirmed')} {speak.bare('told staff')}"
    return Response(text, reading.urgency, "confirms, and asks something", changes={Change.CONFIRM: True})


def _to_an_answer(reading: Reading, speak: Speech) -> Response:
    asked, flag = speak.situation.asked, speak.situation.answers_flag
    about = speak.content.timeline.flags.get(flag or "", asked)
    if reading.in_doubt:
        return Response(speak("in doubt"), Urgency.ROUTINE, f"no clear answer: {about}")
    changes: dict[Change, bool | str] = {Change.FLAG: bool(reading.answer)} if flag else {}
    urgency = reading.urgency
    match asked, reading.answer:
        case "confirm", True:
            return _confirmed(speak, reading)
        case "confirm", False:
            return Response(speak("no to confirm"), Urgency.ROUTINE, "cannot come at the time")
        case "ask-cold-sores", True if speak.upcoming is not None:
            return Response(speak(_cold_sores_key(speak)), urgency, "prone to cold sores", changes=changes)
        case _, False:
            text = " ".join(filter(None, [speak("no"), speak.bare("told staff") if urgency else ""]))
            return Response(text, urgency, "answered no, and more", changes=changes)
    # After the treatment no antiviral is started any more; what now is for a human to say.
    key = f"yes to {asked}" if asked != "ask-cold-sores" else "passed on"
    reason = f"answered yes: {about}"
    text = speak(key) if key in speak.content.patients else speak.passed_on()
    return Response(text, Urgency.ROUTINE, reason, changes=changes)


def _and_to_questions(first: Response, reading: Reading, speak: Speech) -> Response:
    """An answer or a C with a question beside it gets both; where both do not fit one text, staff take the question."""
    if not reading.topics or first.text is None:
        return first
    questions = to_questions(reading, speak)
    said = (questions.text or "").removeprefix(speak.begun(""))
    text = f"{first.text} {said[:1].upper()}{said[1:]}"
    urgency = first.urgency or questions.urgency
    reason = ", ".join(filter(None, [first.reason if first.urgency else "", questions.reason]))
    if measure(text).segments > MOST_SEGMENTS:
        about = named([speak.content.topics[t].name for t in reading.topics if t in speak.content.topics])
        text = f"{first.text} {speak.bare('no answer in the sheet, besides', topics=about)}"
        return Response(text, Urgency.ROUTINE, f"asks about {about}", changes=first.changes)
    return Response(text, urgency, reason, questions.answers, first.changes)


def _and_one_more(first: Response, speak: Speech) -> Response:
    """An older question that nobody answered is asked again: no bare yes or no goes to it by itself."""
    older = [step for step in speak.situation.unanswered if f"again {step}" in speak.content.patients]
    if not older or not speak.situation.may_ask_again or first.text is None or speak.upcoming is None:
        return first
    text = f"{first.text} {speak.bare('one more', question=speak.bare(f'again {older[0]}'))}"
    return first if measure(text).segments > MOST_SEGMENTS else replace(first, text=text, asks_again=older[0])


def _cold_sores_key(speak: Speech) -> str:
    upcoming, now = speak.upcoming, speak.situation.now
    if upcoming is None or now < upcoming.on_day(-3):
        return "yes to ask-cold-sores"
    return "yes to ask-cold-sores late" if now < upcoming.on_day(0) else "yes to ask-cold-sores on the day"


def _which_one(reading: Reading, speak: Speech) -> Response:
    """Ask back; the name of a topic, texted alone, is a question about it. Asked once: then a human reads it."""
    names = [speak.content.topics[topic].name for topic in reading.choices if topic in speak.content.topics]
    text = speak("which one", choices=" or ".join(names))
    if len(names) < 2 or text in speak.situation.said_before[-1:]:
        return Response(speak.passed_on(), Urgency.ROUTINE, "not understood")
    return Response(text)


def _to_anything_else(reading: Reading, speak: Speech) -> Response:
    match reading.kind:
        case Kind.WHICH_ONE:
            return _which_one(reading, speak)
        case Kind.PICTURE:
            return Response(speak("picture"), Urgency.ROUTINE, "sent a picture")
        case Kind.EMPTY:
            return Response(speak("empty"), Urgency.ROUTINE, "sent a text without words")
        case Kind.AUTO_REPLY | Kind.WRONG_NUMBER:
            return Response(None, reading.urgency, "not for the clinic, it seems")
        case Kind.CHITCHAT:
            return Response(None, reading.urgency, "")
        case Kind.YES_NO if speak.situation.unanswered:
            return Response(speak("yes or no to which"), Urgency.ROUTINE, "answers yes or no, unclear to what")
        case Kind.YES_NO:
            return Response(speak("yes or no to nothing"), Urgency.ROUTINE, "answers yes or no, but nothing was asked")
    return Response(speak.passed_on(), Urgency.ROUTINE, "not understood")

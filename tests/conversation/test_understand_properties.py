"""What holds of any text: nothing raises, a warning stays one in any company, an opt-out is one in any dress."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.model import Command, Context, Kind, Phase, Reading, Urgency
from bot.conversation.understand import understand
from tests.texts.labelled import SENT_AT, clinic_vocabulary, context_in

PHASES = sorted(SENT_AT)
TREATED = ["day0", "day1", "days2_7", "after7"]
WARNINGS = [
    "There is pus coming out of my cheek.",
    "My face is getting redder every day.",
    "The pain is getting worse and worse.",
    "I have a big bruise on my jaw.",
    "There is a cut on my chin and it won't stop bleeding.",
    "I have an open sore on my forehead.",
    "I have a fever of 101.5 and chills.",
    "I am really worried, this does not look normal.",
]
QUESTIONS = [
    "Can I exercise today?",
    "When can I wash my face?",
    "Is it ok to wear makeup?",
    "Can I take Advil?",
    "How long does the flaking last?",
    "Thanks so much!",
    "Is my appointment on Friday?",
    "Can I drink wine tonight?",
    "My dog is fine.",
]
STOPS = [
    "syop",
    "ztop",
    "Unsubsribe",
    "stop it now ffs",
    "leave me tf alone",
    "DND",
    "STOP STOP STOP",
    "Stop \U0001f6d1",
    "i told you to stop",
    "STOP means STOP",
    "unsubscrbe me",
    "please unregister me",
    "put me on the do not call list",
    "this is spam",
    "fuck off",
    "cancel my subscription to these",
    "STOP",
    "stop",
    "Stop.",
    " stop ",
    "STOP!!!",
    "StopAll",
    "unsubscribe",
    "CANCEL",
    "end",
    "QUIT",
    "revoke",
    "OptOut",
    "stpo",
    "Please d/c these texts",
    "i dnt wnt 2 hear frm u any more",
    "No more. Ever. Ta",
    "take my number off ur list pls",
]
NOT_STOPS = [
    "can't stop itching",
    "I'll stop by at 3",
    "CANCEL MY APPT",
    "when do I stop my retinol",
    "it won't stop bleeding",
    "please don't stop the texts",
    "is it by the bus stop",
    "should I quit taking Advil",
    "can I remove my makeup",
    "opted out of makeup today, it just sits on the flakes",
    "I like these texts, keep them coming",
    "leave me alone with this mirror and I cry",
    "what can i take from your list for pain",
    "what did you leave off the list",
    "which creams do i drop from the list",
    "can you get from the list what i used",
    "am I still on the waiting list? remove my number 2 from it",
    "step",
    "shop",
    "take me off the waiting list",
    "I didn't get any reminders",
    "why did you stop texting me",
    "did you stop sending reminders?",
    "you did not send me the text about washing",
    "No message.. no reply.. what happened?",
    "I cant pick up right now. Pls send a message",
    "cream on. quit now?",
    "would you rather I text too much or too little if I see something?",
    "cn som1 pls txt bk asap abt my face am beggin",
    "some improvement, but not enough to keep me from falling into the same thoughts every day",
    "Can you take me off the list for Friday and put me on Monday",
    "remove me from the Tuesday schedule please and put me on Wed",
    "take me off the PRP add on please",
    "take my name off the raffle list lol I never win",
    "take me off the email list, texts are ok",
    "please remove my husbands number as emergency contact",
    "no more calls please, text is better",
    "dont call my work number again, text me here",
    "eliquis. stop it?",
    "tylenol, stop it?",
    "please make it stop",
    "can you take me off the aspirin",
    "should they take me off lexapro",
    "please don't take me off your list",
    "dont take me off the texts",
    "your text said reply STOP to opt out, i dont want that, just asking about sunscreen",
]


def read(text: str, phase: str = "days2_7", *, asked: str | None = None) -> Reading:
    return understand(text, context=context_in(phase, asked=asked), vocabulary=clinic_vocabulary())


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=400), phase=st.sampled_from(PHASES))
def test_any_text_is_read_without_an_error(text: str, phase: str) -> None:
    reading = read(text, phase)
    assert isinstance(reading.kind, Kind)
    assert reading.is_warning == bool(reading.signs)


@settings(max_examples=120, deadline=None)
@given(
    warning=st.sampled_from(WARNINGS),
    others=st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=3),
    phase=st.sampled_from(TREATED),
    at=st.integers(0, 3),
)
def test_a_warning_among_other_sentences_is_still_a_warning(
    warning: str, others: list[str], phase: str, at: int
) -> None:
    sentences = [*others[:at], warning, *others[at:]]
    assert read(" ".join(sentences), phase).is_warning


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(["Can I exercise today?", "There is pus on my chin.", "Thank you."]))
def test_the_order_of_sentences_does_not_change_the_urgency(order: list[str]) -> None:
    assert read(" ".join(order)).urgency is Urgency.URGENT


@pytest.mark.parametrize("text", STOPS)
@pytest.mark.parametrize("phase", PHASES)
def test_the_carriers_words_stop_in_every_dress(text: str, phase: str) -> None:
    reading = read(text, phase)
    assert (reading.command, reading.kind) == (Command.STOP, Kind.OPT_OUT)


@pytest.mark.parametrize("text", NOT_STOPS)
def test_stop_about_something_else_is_no_opt_out(text: str) -> None:
    assert read(text).command is not Command.STOP


@pytest.mark.parametrize(
    "text",
    [
        "stop texting me, there is pus coming out of my face",
        "unsubscribe. my face is bleeding",
        "unsubscribe me, you people ruined my face",
        "remove me. infected face thanks to you",
    ],
)
def test_an_opt_out_beside_a_warning_keeps_both(text: str) -> None:
    reading = read(text)
    assert reading.command is Command.STOP
    assert reading.is_warning


@pytest.mark.parametrize(
    "text", ["remove me from ur list, my skin is rotting thanks to you", "STOP STOP STOP it burns"]
)
def test_a_complaint_beside_an_opt_out_reaches_staff(text: str) -> None:
    reading = read(text)
    assert reading.command is Command.STOP
    assert reading.urgency is not None


# caption: (question asked, text, answer)
ANSWERS = {
    "a bare yes": ("ask-cold-sores", "Y", True),
    "a bare no": ("ask-accutane", "nope", False),
    "a yes with its story": ("ask-cold-sores", "yeah since i was a kid", True),
    "a no in other words": ("ask-cold-sores", "not that i know", False),
    "never": ("ask-accutane", "I have never taken it", False),
    "a yes without the word": ("ask-cold-sores", "couple a year", True),
    "the medicine named": ("ask-medicines", "I take eliquis every morning", True),
    "a question is no answer": ("ask-accutane", "what is accutane?", None),
    "the check-in takes any text": ("check-in", "all good", None),
}


@pytest.mark.parametrize(("asked", "text", "answer"), ANSWERS.values(), ids=ANSWERS)
def test_the_bots_question_is_answered_in_free_words(asked: str, text: str, answer: bool | None) -> None:
    assert read(text, "before", asked=asked).answer is answer


def test_yes_to_the_confirmation_confirms_and_no_moves() -> None:
    assert read("yes", "before", asked="confirm").command is Command.CONFIRM
    assert read("no sorry", "before", asked="confirm").command is Command.MOVE


@pytest.mark.parametrize(
    ("text", "media", "kind"), [("", 0, Kind.EMPTY), ("  ", 1, Kind.PICTURE), ("👍", 0, Kind.CHITCHAT)]
)
def test_a_text_without_words_has_a_kind(text: str, media: int, kind: Kind) -> None:
    known = context_in("day1")
    context = Context(known.now, known.starts_at, known.ends_at, known.zone, media_count=media)
    assert understand(text, context=context, vocabulary=clinic_vocabulary()).kind is kind


@pytest.mark.parametrize("phase", PHASES)
def test_the_phase_follows_from_the_times(phase: str) -> None:
    assert context_in(phase).phase == Phase(phase)


@pytest.mark.parametrize("phase", ["before", "day1", "after7"])
@pytest.mark.parametrize("text", ["do not call or text", "i would prefer not to receive these"])
def test_a_wish_that_no_pattern_knows_is_honoured_on_any_day(text: str, phase: str) -> None:
    assert read(text, phase).command is Command.STOP


def test_a_warning_that_says_not_is_no_wish_for_no_more_texts() -> None:
    assert read("I do not normally break out so this terrifies me!", "days2_7").command is None


@pytest.mark.parametrize("phase", ["day0", "day1", "after7"])
def test_a_surely_heard_emergency_is_never_voted_down(phase: str) -> None:
    text = "unsubscribe me i am in the hospital with a heart attack you idiots"
    reading = read(text, phase)
    assert (reading.urgency, reading.command) == (Urgency.EMERGENCY, Command.STOP)


@pytest.mark.parametrize("phase", ["before", "day1", "days2_7"])
@pytest.mark.parametrize(
    "text",
    [
        "Redness is gone, flaking a little. I withdraw my consent. Can I use vitamin C now?",
        "i used sunscreen and aloe today. lose my number. how long does the peeling last",
        "I took ibuprofen this morning. get me off your list. Can I put ice on it?",
        "Swelling went down, still pink. Unsubscribe me. Is makeup ok tomorrow?",
    ],
)
def test_a_plain_wish_is_honoured_whatever_stands_beside_it(text: str, phase: str) -> None:
    assert read(text, phase).command is Command.STOP


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(
    "text",
    ["911", "EMERGENCY!!!", "help please 999", "I need an ambulance now", "\U0001f198", "\U0001f691\U0001f691"],
)
def test_a_cry_for_help_is_an_emergency_on_any_day(text: str, phase: str) -> None:
    assert read(text, phase).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("phase", TREATED)
@pytest.mark.parametrize(
    "text",
    [
        "vodka and all my xanax, can i drink wine tonight",
        "i took the whole box of ambien",
        "popped all my oxy",
        "took all of my valium last night, still here",
        "took 20 valium. when can i wash my face",
        "mixed my oxy with gin, head is swimming",
        "is it bad that I took 6 of the xanax you gave me",
        "how many tylenol is too many i already had 14 today",
        "is it ok if I had 9 extra strength tylenol since breakfast",
    ],
)
def test_too_many_pills_or_drink_with_them_is_an_emergency(text: str, phase: str) -> None:
    assert read(text, phase).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("text", ["terrible", "awful", "infected", "not so great", "worse"])
def test_a_bad_word_to_how_is_your_skin_is_told_not_asked(text: str) -> None:
    reading = understand(text, context=context_in("days2_7", asked="check-in"), vocabulary=clinic_vocabulary())
    assert reading.urgency is Urgency.URGENT


@pytest.mark.parametrize("text", ["the new tablets make me so sleepy", "had a mole taken off my cheek last week"])
def test_what_she_tells_of_her_health_before_the_treatment_is_taken_down_for_staff(text: str) -> None:
    reading = read(text, "before")
    assert reading.topics == ("medical_changes",)
    assert reading.urgency is Urgency.ROUTINE
    assert read("we had soup for dinner", "before").topics == ()


@pytest.mark.parametrize(
    "text",
    [
        "can i have wine if i take gabapentin",
        "are all my valium ok to take",
        "is it ok to take one xanax before",
        "dying my hair tonight ok?",
        "when can i wash my hair after kool aid dying it?",
        "there was an accident on the bridge with ambulances everywhere. anyway made it home",
        "2 tylenol at 9 and 2 at 3, ok?",
    ],
)
def test_a_pill_asked_about_or_dyed_hair_is_none(text: str) -> None:
    assert read(text, "day1").urgency is not Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "I ate peanuts and used my epi, feeling ok now, can I still go to bed flat?",
        "dad collapsed after his appt with you guys, what number do we call",
        "been cutting again since this happened",
        "can you call an ambulance for me",
    ],
)
def test_a_danger_named_in_passing_is_an_emergency(text: str) -> None:
    assert read(text).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "doctor put me on keflex today for my face, can I still moisturize",
        "finished day 2 of antibiotics for my cheek. Sunscreen ok?",
    ],
)
def test_what_a_doctor_already_treats_reaches_staff_beside_the_answer(text: str) -> None:
    assert read(text).urgency is not None


@pytest.mark.parametrize(
    "text",
    [
        "wearing sunglasses indoors so no one asks about the bruise",
        "wearing a hat so nobody sees the bruise",
        "you never said i'd bruise",
        "no amount of concealer hides the cut",
    ],
)
def test_what_others_do_not_see_is_not_denied(text: str) -> None:
    assert read(text).urgency is not None


@pytest.mark.parametrize("text", ["is it 911 or 999 here?", "room 112", "emergency exit is blocked lol"])
def test_its_words_among_others_are_no_cry(text: str) -> None:
    assert read(text).urgency is not Urgency.EMERGENCY


@pytest.mark.parametrize("phase", TREATED)
@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("i took all my sleeping pills. what time do you open and how much is the next one", Urgency.EMERGENCY),
        ("i am coughing up blood, can i still come tomorrow", Urgency.EMERGENCY),
        ("my lips are blue. what time do you open tomorrow and how much is the next session", Urgency.EMERGENCY),
        ("my left cheek looks angrier than last night. do you have gift cards?", Urgency.URGENT),
        ("all good! just a small pocket of pus, popped it", Urgency.URGENT),
    ],
)
def test_calm_words_beside_a_warning_do_not_calm_it(text: str, urgency: Urgency, phase: str) -> None:
    assert read(text, phase).urgency is urgency


@pytest.mark.parametrize(
    "text",
    [
        "fainted twice today, dizzy, should i still come?",
        "cant breathe properly since breakfast, should i cancel my appointment",
        "half my face has dropped and my arm is numb, do i still come in",
    ],
)
def test_whoever_is_in_danger_before_the_treatment_is_told_so_beside_a_question(text: str) -> None:
    assert read(text, "before").urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "what if i pass out during it",
        "i faint at needles, is that a problem?",
        "do i need to stop aspirin, i take it since my heart attack in 2019",
    ],
)
def test_a_fear_or_an_old_story_before_the_treatment_is_no_danger(text: str) -> None:
    assert read(text, "before").urgency is not Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "unsbscribe\nthe kids are asleep at last",
        "please, she has died, no more appointment texts",
        "Pls don't send message na po",
        "Next one of these goes straight to my lawyer",
        "who is this? stop texting me?",
        "un subscribe",
        "hou op om my te SMS asseblief",
        "nick off with the texts",
        "I need these to cease, each buzz gives me palpitations",
        "plz take my no. off ur list",
        "thats the last text i want from you",
        "this is a business line, do not text it",
        "para de me mandar mensagem",
        "I'll complain if you dont delete my number",
        "opt me out of sms, I prefer the paper you gave me, and I'll be there Tuesday",
        "never asked for these. Remove.",
        "kindly unlist me",
        "when is the gym ok, and how do i unsubscribe",
        "y are you still texting me",
        "could you bin my number please",
        "thanks for the care but i'd like off the list",
        "kindly cross me off, i have no use for this",
        "have mercy and quit the dings",
        "email only from now on please, no texts",
        "you can give up on me now, no more reminders needed",
        "dont want em dont read em dont send em",
        "Do me a favor and forget this number",
    ],
)
def test_a_wish_in_other_words_is_honoured(text: str) -> None:
    assert read(text).command is Command.STOP


@pytest.mark.parametrize(
    "text",
    [
        "told my sister to stop texting me pictures of her lunch",
        "please never take me off this list, i forget everything",
        "i said STOP to the dog, the phone heard it",
        "does STOP stop the treatment or only the texts? just asking",
        "Please do not send it so early, after 9 is better",
        "never get your reminders, is something broken",
    ],
)
def test_what_only_sounds_like_a_wish_is_read_by_staff_and_she_is_told_how(text: str) -> None:
    reading = read(text)
    assert (reading.command, reading.urgency, reading.may_opt_out) == (None, Urgency.ROUTINE, True)


@pytest.mark.parametrize(
    "text",
    [
        "can i work out, and i dont want to miss any of these texts",
        "Quit calling my landline, texting is better",
        "Unsubscribe me from the newsletter please, the texts I'd like to keep",
        "i said STOP to the dog, carry on with the messages",
    ],
)
def test_whoever_says_that_the_texts_are_welcome_keeps_them(text: str) -> None:
    assert read(text).command is None


@pytest.mark.parametrize("question", ["ask-accutane", "ask-medicines", "ask-cold-sores"])
def test_an_answer_in_two_words_is_no_wish(question: str) -> None:
    assert read("not anymore", "before", asked=question).command is None


@pytest.mark.parametrize(
    "text",
    [
        "insane, I'm DYING at how good my skin looks",
        "my heart skipped a beat lol",
        "the baby's choking me with my necklace",
        "is the wind chill dangerous for my skin",
        "i have a broken wrist",
    ],
)
def test_words_of_danger_that_are_a_manner_of_speaking_call_nobody_out(text: str) -> None:
    assert read(text).urgency is Urgency.ROUTINE


@pytest.mark.parametrize(
    "text",
    [
        "i think im dying",
        "I was out cold on the gym floor for a minute, trainer says",
        "im choking",
        "had a blackout in the shower",
        "im winded just from standing up",
        "i dont remember falling but im on the floor",
        "heart palpitations since lunch",
    ],
)
def test_the_same_words_meant_are_an_emergency(text: str) -> None:
    assert read(text).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("text", ["blarg fnord", "jkl blarg zorp", "asdf", "zut alors"])
def test_nonsense_ends_nobodys_texts(text: str, phase: str) -> None:
    assert read(text, phase).command is None


@pytest.mark.parametrize(
    "text",
    [
        "my left cheek looks so much calmer than last night",
        "swelling is less than this morning",
        "the spot on my nose has dried up",
        "my right cheek is almost back to normal",
        "the little cut healed",
        "no redness, pus or smell",
        "my left cheek is so much better than last night",
        "cheek is better than last night",
        "neck is not as red as yesterday",
        "less puffy than this morning. looks calmer than yesterday",
    ],
)
def test_what_is_mending_alarms_nobody(text: str) -> None:
    assert not read(text, "days2_7").is_warning


@pytest.mark.parametrize(
    "text",
    [
        "my left cheek was so much calmer and now it is hot again",
        "swelling is less but the pain is worse than this morning",
        "the scab fell off and it is wet underneath",
        "no redness or smell, just some yellow pus by the chin",
        "no better than yesterday",
        "it is not better than yesterday",
        "cheek is better than last night but my chin is oozing",
        "my left cheek looks angrier than it did last night",
    ],
)
def test_what_turned_for_the_worse_does(text: str) -> None:
    assert read(text, "days2_7").is_warning

"""The words of short answers to a question of ours: yes, no, how often, how unsure. Holds data only."""

from bot.conversation.lexicon import NEGATORS

YES_WORDS = frozenset(
    """
        y yes yeah yep yup si yess ya sure correct affirmative absolutely definitely oui da indeed yessir
    """.split()
)
NO_WORDS = frozenset("n no nope nah na naw non negative nein".split())
# "Definitely not" is a no, and "sure" alone a yes.
STRENGTHEN = frozenset("sure correct affirmative absolutely definitely indeed".split())
# Said around an answer, and no part of it.
GREETINGS = frozenset(
    """
        hi hello hey oh well um uh hmm ok okay ah so sorry dear team doctor lol haha good morning and also but
        thanks thank you please sir maam ma'am much very dr all set fine great safe clear clean healthy
    """.split()
)
# The verbs of a short yes ("I do", "sometimes take it"), and how often; alone they are an answer.
DOING = frozenset(
    """
        do have am did does has was took take taking taken use used using get gets got getting had still suffer
        can will
    """.split()
)
TAKING = frozenset(
    """
        take takes took taking taken use uses using used on had have had get gets got prescribed need needed daily
        every
    """.split()
)
OFTEN = frozenset(
    """
        sometimes occasionally often always frequently once twice few couple every usually times daily nightly
        weekly monthly per day days night nights morning week weeks month months year evening now then again while
        lot many mg
    """.split()
)
# Words that add nothing to a yes or a no.
SMALL = frozenset(
    """
        i me my we it them that those these this they one ones any either of at all so ever did done does do have
        has had having am is are was were been be will would can take takes took taking taken use uses used using
        get gets got getting suffer prone to in on for with life whole medicine medicines medication medications
        pill pills drug drugs tablet tablets kind sort thing things stuff anything list from both neither the a an
        or nor such as like history way tried try touched there
    """.split()
)
DOUBT = frozenset(
    """
        know idea clue remember recall certain maybe perhaps possibly probably might may think guess believe
        suppose unsure confused depends wonder wondering unclear forget forgot could
    """.split()
)
HOW_OFTEN = OFTEN & frozenset(
    """
        sometimes occasionally often always frequently once twice few couple every usually daily
    """.split()
)
OVER = frozenset(
    """
        anymore longer ago last since before until till past previously earlier stopped stop quit finished ended
        off
    """.split()
)
# Alone, these are half a yes.
ONCE = frozenset("before ago anymore longer rarely seldom barely hardly".split())
# A no that holds only for now, only by and large, or but for something.
BUT_FOR = OVER | frozenset(
    """
        only just but except besides unless apart other than though although however aside instead barely hardly
        minus rarely seldom really much often usually always regularly every more now currently lately recently
        today yet years year months month weeks week days spring summer fall autumn winter right very too
    """.split()
)
BESIDE_DOUBT = frozenset("what which who if whether sure could be name called exactly about not something some".split())
ASKING = frozenset("what how when which why where who whose".split())
AUXILIARY = frozenset("can could may might shall should is are am do does did will would have has was were".split())
ASKED_OF = frozenset("i you we they he she".split())
SUBJECTS = ASKED_OF | frozenset("my it the that this there your these those".split())
QUESTION_ENDS = frozenset("right allowed permitted possible ok okay safe fine".split())
AFTER_ASKING = AUXILIARY | frozenset("time about kind if many much long else happens the exactly come".split())
# "Neither do I" and "never have I" are no questions, and "what I know" begins no statement of its own.
NO_QUESTION_AFTER = frozenset("neither nor so never".split())
GOES_ON = (
    AUXILIARY
    | ASKING
    | frozenset("that as if like so than because thing all far not to of".split())
    | frozenset("think guess believe suppose know remember sure wonder".split())
)
# What begins a question where something else than a denial or a verb follows: "is advil ok", but "may have".
BEGINS_A_QUESTION = frozenset("is are does can could should may shall".split())
NO_QUESTION_BEFORE = NEGATORS | DOUBT | frozenset("be have take still".split())

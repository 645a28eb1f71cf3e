"""Which texts clinic.yaml must hold and which placeholders each may use. Pure data."""

PATIENT_TEXTS: dict[str, frozenset[str]] = {
    key: frozenset(names.split()) | {"phone", "clinic"}
    for key, names in {
        "help": "",
        "stopped": "",
        "started": "",
        "confirmed": "",
        "nothing to confirm": "",
        "move": "",
        "yes to ask-cold-sores": "",
        "yes to ask-cold-sores late": "",
        "yes to ask-accutane": "",
        "yes to ask-medicines": "",
        "yes to catch-up": "",
        "no to confirm": "",
        "no": "",
        "in doubt": "",
        "yes or no to nothing": "",
        "passed on": "",
        "passed on again": "",
        "no answer in the sheet": "topics",
        "no answer in the sheet, besides": "topics",
        "ask again": "topics",
        "told staff": "",
        "held for staff": "staff",
        "picture": "",
        "empty": "",
        "which one": "choices",
        "which patient": "names",
        "unknown number": "",
        "unknown number in danger": "",
        "outdated": "",
        "taken": "staff",
        "nobody yet": "",
        "staff reply": "staff words",
        "prescribed": "",
    }.items()
}

STAFF_TEXTS: dict[str, frozenset[str]] = {
    key: frozenset(names.split()) | {"clinic"}
    for key, names in {
        "alert": "urgency code patient day signs words",
        "alert again": "urgency code patient day signs words",
        "task": "code patient day signs words",
        "relay": "code patient words",
        "relay without words": "code patient signs phone",
        "ask for words": "code",
        "words": "code patient words",
        "no words known": "code patient",
        "taken": "code patient phone",
        "too late to text": "",
        "taken by other": "staff code patient",
        "already taken": "code staff time",
        "answered": "patient",
        "resolved": "code patient",
        "already done": "code staff",
        "no words": "code",
        "no such code": "code open",
        "which code": "open example",
        "nothing open": "",
        "open cases": "codes",
        "ended": "patient time wash exercise",
        "ended again": "patient time wash exercise",
        "nobody of that name": "name names",
        "none begun": "names",
        "which of that name": "count name choices example time",
        "which is over": "choices example time",
        "not a time": "time",
        "not yet over": "time",
        "before the start": "time start",
        "opted out": "patient phone",
        "help": "codes",
        "not understood": "",
        "alerts again": "",
        "alarm": "words",
    }.items()
}

# These go out only to a patient whose treatment is known, so they may speak of its times.
MAY_SAY_TIMES = frozenset(
    {
        "confirmed",
        "yes to ask-cold-sores",
        "yes to ask-cold-sores late",
        "yes to ask-accutane",
        "yes to ask-medicines",
        "yes to catch-up",
        "no to confirm",
    }
)

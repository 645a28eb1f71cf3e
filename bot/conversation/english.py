"""The words of English, so that none of them is "put right" into a word of the clinic. Knows no meanings."""

from functools import lru_cache

from spellchecker import SpellChecker


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return every English word and usual name of the dictionary, in lower case; about 160,000."""
    return frozenset(SpellChecker(language="en", distance=1).word_frequency.dictionary)

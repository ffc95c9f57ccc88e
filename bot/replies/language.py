"""In which words a server's members are answered: the English ones, or those of a language's file. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from bot.replies.model import SpeakingSettings
from bot.rulebook.language import ENGLISH, Language
from bot.rulebook.model import Rulebook


def language_of(rulebook: Rulebook, settings: SpeakingSettings) -> Language | None:
    """Give the wording for replies on a server.

    Args:
        rulebook: the server's rules.
        settings: what is set there.

    Returns:
        the wording; None for English, also where the rules do not have the language that is set.
    """
    return rulebook.languages.get(settings.language)


def missing_language(rulebook: Rulebook, settings: SpeakingSettings) -> str | None:
    """Give the code of the language that is set but not in the rules; None where all is well."""
    known = settings.language == ENGLISH or settings.language in rulebook.languages
    return None if known else settings.language


def worded(rulebook: Rulebook, language: Language | None) -> Rulebook:
    """Put what members see into a language. What is matched, and what is cited, stays as it is.

    Args:
        rulebook: the rules.
        language: the language; None for English.

    Returns:
        the rules; whatever the language does not word is said in English.
    """
    if language is None:
        return rulebook
    families = tuple(
        replace(family, opening=said.opening, asked=said.asked)
        if (said := language.families.get(family.id)) is not None
        else family
        for family in rulebook.families
    )
    caveats = tuple(
        replace(caveat, says=told.says, short=told.short)
        if (told := language.caveats.get(caveat.id)) is not None
        else caveat
        for caveat in rulebook.caveats
    )
    evidence = tuple(
        replace(line, says=language.evidence.get(line.id, line.says)) for line in rulebook.evidence
    )
    emergency = rulebook.emergency
    if emergency is not None and language.emergency:
        emergency = replace(emergency, lines=language.emergency)
    return replace(rulebook, families=families, caveats=caveats, evidence=evidence, emergency=emergency)

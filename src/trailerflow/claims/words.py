"""The English words by which a clause is found: closed classes whole, verbs as plots use them.

What is not listed is taken for no verb, so that a sentence stays whole rather than being cut at a noun.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONJUNCTIONS = frozenset({"and", "but", "so", "or", "yet"})

SUBJECT_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "you", "there", "this"})
PLURAL_PRONOUNS = frozenset({"they", "we", "i", "you"})

OBJECT_PRONOUNS = _words(
    "him her them us me himself herself themselves itself everyone everything someone something"
)

DETERMINERS = _words(
    "a an the his her its their our my your another each every some both two three four five six several many one no"
)
INDEFINITE = _words("a an another one two three four five six several some")
ANYBODY = _words("man woman person boy girl somebody someone people men women")
"""What says nothing of itself: "Sam is a man who …" is one claim."""

PLACES = _words("at from in near of on to")
"""Prepositions behind which a name is hardly who somebody is."""

COPULAS = frozenset({"is", "are", "was", "were", "becomes"})

FACTUAL = _words("as while when after although though because where whereas since")
"""Words that open a clause which is told as a fact."""

EMBEDDING = _words(
    "that if whether how why what unless until before who whom whose which whoever wherever whenever lest than"
)
"""Words that open a clause which is part of another: what is said in it is not said by itself."""

PREPOSITIONS = _words(
    "about above across after against along amid among around as at away back before behind below beneath beside "
    "between beyond by despite down during for from in inside into like near of off on onto out outside over past per "
    "since through throughout to toward towards under until up upon via with within without"
)

ADVERBS = _words(
    "also then eventually finally soon now later quickly instead ultimately again even never always often still just "
    "only suddenly slowly not already actually really reluctantly secretly unexpectedly therefore thus subsequently "
    "together gradually desperately immediately nearly almost accidentally initially simply inadvertently unknowingly "
    "somehow"
)

CONNECTIVES = _words(
    "however then eventually finally meanwhile soon later instead also additionally ultimately now thus therefore "
    "furthermore moreover and but so yet"
)
"""Words at the head of a sentence that link it to the one before."""

AUXILIARIES = _words(
    "is are was were has have had does do did must can could will would should may might cannot isn't aren't wasn't "
    "weren't hasn't haven't hadn't doesn't don't didn't mustn't can't couldn't won't wouldn't shouldn't"
)
MODALS = _words("must can could will would should may might cannot can't couldn't won't wouldn't")

_VERBS = (
    "abandon accept accuse achieve adapt admit adopt agree allow announce appear approach arrange arrest arrive "
    "assemble assist ask assume attend attract avenge avoid awaken become befriend begin believe belong betray "
    "blackmail blame bring build buy captivate capture catch cause celebrate challenge charge chase choose claim "
    "climb collect come commit compete conceal confess confront confuse connect consider conspire continue convince "
    "cope create decide declare defeat defend demand deny depend describe deserve destroy develop die dig disappear "
    "discover disguise dream drive drown dump eliminate embark emerge encounter end endanger engage enjoy enlist "
    "enter escape evade examine exchange experience experiment explain explore expose face fail fall fear feature "
    "feel fight find fit flee fly follow force forget forgive form gain gather get give go grow happen harm hate head "
    "hear heal help hide hire hope hunt ignore illustrate imagine impersonate infiltrate inherit insist inspire "
    "introduce investigate invite involve join keep kidnap kill know lead learn leave lie listen live look lose love "
    "make manage marry meet mount move murder navigate need notice observe offer open oppose organise organize "
    "overcome overhear own pass pay perform persuade plan play plot plunge possess prepare pretend prevent prove "
    "protect provide praise pull purchase pursue put quit raise reach read realise realize recall receive reclaim "
    "recognise recognize recover recruit refuse regain reject relate release rely remain remember rescue resist "
    "resolve respond retire retrieve return reunite reveal revolve ride risk rob run save say search seduce see seek "
    "seem sell send serve set settle shoot show sing sit sleep solve speak spend spread stand star start stay steal "
    "stop struggle stumble succeed suffer suggest survive suspect swear take talk teach team tell terrorise terrorize "
    "think threaten track transform trap travel try turn uncover undergo understand unite unleash use venture visit "
    "vow wait wake walk want warn watch wear win wish witness wonder work write"
)
VERBS = _words(_VERBS)

NOUNS_TOO = _words(
    "feature praise attempt blame capture cause challenge charge chase claim climb demand dream drive embark end "
    "escape exchange experience experiment face fear fight fit fly force form gain hate head help hire hope hunt lead "
    "lie live look love move murder need notice offer open own pass pay plan play plot pull purchase reach read "
    "release rescue return ride risk run save say search set show stand star start stay stop struggle suspect talk "
    "team think track trap travel try turn use venture visit vow wait wake walk want watch win wish witness wonder "
    "work"
)
"""Verbs whose form with an s is a noun as well: they count only before a word that follows a verb."""

PAST = _words(
    "became began brought built bought caught chose came decided discovered drove fell felt fled found followed "
    "forgot fought gave got grew heard hid joined kept killed kidnapped knew learned learnt left lost loved made "
    "managed married met moved realised realized refused returned revealed ran said saved saw sent set sold sought "
    "spent stole stood stopped took taught threatened told tried turned visited wanted went won worked wrote"
)


def third_person(verb: str) -> str:
    """The form of a verb after he, she or it.

    >>> [third_person(verb) for verb in ("try", "catch", "go", "play", "help")]
    ['tries', 'catches', 'goes', 'plays', 'helps']
    """
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"


THIRD_PERSON = frozenset(map(third_person, VERBS))
DOUBTFUL = frozenset(map(third_person, NOUNS_TOO))

FUNCTION_WORDS = frozenset().union(
    CONJUNCTIONS, SUBJECT_PRONOUNS, OBJECT_PRONOUNS, DETERMINERS, INDEFINITE, PLACES, FACTUAL, EMBEDDING, PREPOSITIONS,
    ADVERBS, CONNECTIVES, AUXILIARIES,
)  # fmt: skip
"""What stands in any text, whatever it is about."""

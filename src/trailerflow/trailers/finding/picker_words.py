"""The words by which a result of a search shows what it is, in the languages that are met most."""

from __future__ import annotations

import re

from trailerflow.movies.forms import plain_title_words

TRAILER = re.compile(
    r"\btrailers?\b|\btr[aá]iler\b|\bkinotrailer\b|\bteasers?\b|\bbande[ -]?annonce\b|\bavance\b"
    r"|\bvorschau\b|\bzwiastun\b|\btv[ -]?(?:spots?|ad)\b|\bspot tv\b|\bcommercial\b|\bpromo\b"
    r"|\bprossimamente\b|\btraill?er\w*\b|\bfilm[ -]?annonce\b|\bupout[áa]vka\b|\bel[őo]zetes\b|\bfragman\b"
    r"|\bcoming attractions?\b|予告|трейлер|預告|预告|예고편",
    re.IGNORECASE,
)

OTHER_THINGS: dict[str, re.Pattern[str]] = {
    what: re.compile(words, re.IGNORECASE)
    for what, words in {
        "a reaction": (r"\breact(?:s|ion|ions|ing)?\b|first time watching|blind watch"),
        "a review or an analysis": (
            r"\breviews?\b|\breviewed\b|\bexplained\b|\banaly[sz]\w*\b|\bbreakdown\b|\bessay\b|\branked\b"
            r"|\branking\b|\brant\b|\bkritik\b|\brecap\b|\beverything wrong\b|\bsiskel\b|honest trailers?"
            r"|\bretrospective\b|\bwhy\b.*\bis\b"
        ),
        "a commentary": (
            r"\bcommentary\b|\bcomment(?:s|ed|ing) on\b|trailers from hell|\bwith \w+ commenting\b"
        ),
        "made by fans": (
            r"\bfan[ -]?(?:made|film|trailer|edit|cut)\b|\bfanmade\b|\bconcept\b|\bparod(?:y|ia|ie)\b"
            r"|\bspoof(?:ed)?\b|\bre-?cut\b|\bmash-?up\b|\blego\b|stop[ -]?motion"
            r"|\bbut (?:it'?s|as|if|it|he'?s|in)\b|in the style of|\bstyle$|\bsweded?\b|home-?made"
            r"|re-?creat|from memory|we filmed|\bmodern(?:i[sz]ed)?\b.{0,12}\btrailer\b"
            r"|\btrailer\b.{0,4}\bmodern|\bai\b.{0,12}\btrailer|\bif .* (?:was|were)\b|\bedit\)"
            r"|\breimagined\b|\bunofficial\b|\bimpression\b|\bmy (?:own )?trailer|\bschool project\b"
            r"|\bclass project\b|\bas a\b.*\b(?:comedy|horror|thriller)\b"
        ),
        "a comparison": (
            r"\bvs\.?(?=\s)|\bversus\b|\bcomparison\b|side by side|shot[- ]for[- ]shot|\bevolution of\b"
        ),
        "several trailers": (
            r"\btop \d+\b|\b\d+ best\b|\bbest .{0,30}trailers\b|\ball\b.{0,40}\btrailers\b|\bcompilation\b"
            r"|(?<!criterion )\bcollection\b.{0,20}$|trailer collection|trailer reel|\btrilogy\b"
            r"|double feature|\bopening to\b|\bopenings?\b.*\bvhs\b|\bvhs opening\b|\bpreviews\b"
            r"|\btrailers? (?:from|of) (?:summer|19\d\d|the \d0s)|\btrailer park\b"
            r"|\btrailers\b.*\bin order\b|&.*\btrailers\b|\btrailers\b.*\b(?:vhs|laserdisc|dvd)\b"
            r"|\bmovie trailers of\b|\btrailer marathon\b|\b(?:every|each) \w+ trailer"
        ),
        "a scene": (
            r"\bscenes?\b|\bescena\b|\bszene\b|\bsc[èe]ne\b|\bclips?\b|\bextrait\b|\bausschnitt\b"
            r"|\bopening credits\b|\bending\b|\bfinal(?:e)? scene\b|\bbloopers?\b|\bdeleted\b|\bouttakes\b"
            r"|\bspeech\b|\bgag reel\b|\bintro\b|\bfight\b$"
        ),
        "a making-of or an interview": (
            r"\bmaking[ -]of\b|\bthe making\b|behind the scenes|\bfeaturette\b|\binterview\w*\b|\bpress\b"
            r"|\bq ?& ?a\b|\bpanel\b|\bmasterclass\b|\bpremiere\b|\bred carpet\b|\btalks?\b.*\babout\b"
            r"|\bjunket\b|\bwins\b|\boscars?\b|\braconte\b|where are they now|\bcast\b.*\b(?:then|now)\b"
            r"|\bdocumentary (?:on|about)\b|\bhow .* (?:was made|changed)\b"
        ),
        "music": (
            r"\bsoundtrack\b|\bost\b|\bcolonna sonora\b|\bb\.?o\.?$|\bmain theme\b|\btheme (?:song|music)\b"
            r"|\bthe theme\b|\bscore\b|music video|official video|official audio|\blyrics?\b|\bsuite\b"
            r"|\bsong\b|\bfull album\b|\bkaraoke\b|\bcover\b|\bend titles\b"
        ),
        "a whole film": (
            r"\bfull (?:movie|film|length|documentary|episode|hd movie)\b"
            r"|\b(?:whole|complete) (?:movie|film)\b|pel[ií]cula completa|film complet|film completo"
            r"|ganzer film|cel[ýy] film|cały film|whole film|watch (?:online|free)|完整版|фильм полностью"
            r"|filme completo"
        ),
        "a game": (
            r"\bgame ?play\b|video[ -]?game|\bgame trailer\b|\bplaystation\b|\bps[1-5]\b|\bxbox\b"
            r"|\bnintendo\b|\bsnes\b|\bsega\b|\bn64\b|\bgame ?boy\b|\bwalkthrough\b|\blaunch trailer\b"
            r"|\bpinball\b|\blet'?s play\b|\bpc game\b|\bthe game\b|\bamiga\b|\bcommodore\b"
            r"|\bannouncement trailer\b|\bdlc\b|\bgameplay\b"
        ),
        "a series": (
            r"\bseason\b|\bsaison\b|\btemporada\b|\bstaffel\b|\bstagione\b|\bepisode\b(?! iv\b)"
            r"|\bs\d{1,2} ?e\d{1,2}\b|\b(?:tv|television|animated|original|mini)[ -]?series\b"
            r"|\bserie[sn]?\b|\btv (?:movie|film|show)\b|\bminiseries\b|\bsitcom\b|\btelefilm\b"
            r"|\bk-?drama\b|\byear \d\b|\bnew series\b|\blimited series\b|\bpilot\b"
        ),
        "a stage work or a concert": (
            r"\bopera\b|\bballet\b|\btheatre\b(?! trailer)|\bon stage\b"
            r"|\bstage (?:play|version|musical|show)\b|\bthe musical\b|\bconcert\b|\btour\b|\bbroadway\b"
            r"|\bwest end\b|\blive in\b|\borchestra\b|\bnational theatre\b|\bplay\)"
        ),
        "a book": (r"\baudio ?book\b|\bbook trailer\b|\bresumen\b|\bbook (?:review|summary)\b"),
        "something to do": (
            r"\btutorial\b|\bhow to\b|\brecipe\b|\bwatch party\b|\bunboxing\b|\bride\b.*\bpov\b"
        ),
    }.items()
}
"""What a result is that is no trailer of a film, and the words by which it shows."""

SERVICES = re.compile(
    r"\bnetflix\b|\bprime video\b|\bhulu\b|\bhbo\b|\bmax\b|\bmgm\+|\bepix\b|\bfx(?: networks)?\b|\bamc\b"
    r"|\bapple tv\b|\bdisney\+|\bsyfy\b|\bpeacock\b|\bparamount\+|\bstarz\b|\bshowtime\b"
    r"|\bsky (?:original|tv|deutschland|atlantic)\b|\bthe cw\b|\bcbs\b|\bnbc\b|\babc\b|\bbbc\b|\bitv\b"
    r"|\bmtv\b|\brtl\+?|\bsbs\b|\ba&e\b|\bpbs\b|\bespn\b|\bcrunchyroll\b|\bnational geographic\b"
    r"|\bnat geo\b",
    re.IGNORECASE,
)
"""Channels and services whose trailers of this title are of something newer, unless they name the film's year."""

RERELEASE = re.compile(
    r"anniversary|restor|remaster|re-?release|reissue|special edition|diamond edition|criterion|blu-?ray"
    r"|\b4k\b|\buhd\b|\bdvd\b|\bvhs\b|laserdisc|35mm|back in (?:theaters|cinemas)|new release|\bclassic\b"
    r"|\boriginal\b|theatrical|director'?s cut|masters of cinema|\bold\b|vintage|\bd'époque\b|\b[4-9]0s\b"
    r"|\brare\b|修復",
    re.IGNORECASE,
)
"""Words by which an older film shows, and that excuse another year beside its title."""

_PLAIN = """
1 1080p 16mm 2 3 35mm 3d 480p 4k 70mm 720p a action adventure american an and animated animation anniversary
annonce avance back bande big blu bluray bowl british bros buena castellano cinema cinemas classic classics
collectors columbia comedy coming commercial crime criterion cut deutsch diamond director directors disney
disneys documentary domestic drama dubbed dutch dvd edition english espanol family fantasy feat fhd fi film
final first for fox francais francaise french from ft full game german gramercy hd high hindi horror hq imax
in international ita italian italiano japanese kinotrailer korean laserdisc latino long mgm miramax movie
musical mystery nd new no noir number of official officielle offizieller oficial old omu on one original
originale originaltrailer orion ov paramount pixar platinum polish polygram promo quality rare ray rd re
reissue release remaster remastered rerelease restoration restored rip romance sci scifi sd short signature
silent sony soon spanish special spot spots st starring stfr studio sub subbed subs subtitles subtitulada
subtitulado super swedish tape tbt teaser th the theater theaters theatre theatrical thriller trailer trailer1
trailer2 trailers tristar tv two ufficiale uhd uk ultimate universal upscaled us usa version vf vhs video
vintage vista vo vol vorschau vost vostfr war warner western widescreen with worldwide zwiastun
"""
PLAIN = frozenset(form for word in _PLAIN.split() for form in plain_title_words(word))
"""Words that say nothing about which film it is."""

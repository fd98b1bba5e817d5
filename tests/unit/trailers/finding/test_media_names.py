"""Names of media files: which film they are of and which language, and above all which films they are not of."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.movies.movie import Movie
from trailerflow.trailers.finding.media import file_language, is_forced, match_media, preferred_first
from trailerflow.trailers.finding.media_tags import tagged

MOVIES = [
    Movie("1", "Toy Story", 1995),
    Movie("2", "GoldenEye", 1995),
    Movie("7", "Twelve Monkeys", 1995),
    Movie("300", "Air Force One", 1997),
    Movie("267", "unknown", None),
    Movie("noyear", "Shanghai Triad (Yao a yao yao dao waipo qiao)", None),
    Movie("2001", "2001: A Space Odyssey", 1968),
    Movie("39", "39 Steps, The", 1935),
    Movie("8h", "8 1/2", 1963),
    Movie("20k", "20,000 Leagues Under the Sea", 1954),
    Movie("101", "101 Dalmatians", 1961),
    Movie("ae", "Aeon Flux", 2005),
    Movie("alien", "Alien", 1979),
    Movie("alien3", "Alien 3", 1992),
    Movie("a75", "Airport", 1970),
    Movie("am", "American Movie", 1999),
    Movie("amelie", "Fabuleux destin d'Amélie Poulain, Le (Amelie)", 2001),
    Movie("br", "Black Rain", 1989),
    Movie("br2", "Black Rain (Kuroi ame)", 1989),
    Movie("city", "City of Lost Children, The (Cité des enfants perdus, La)", 1995),
    Movie("crash", "Crash", 1996),
    Movie("crouch", "Crouching Tiger, Hidden Dragon (Wo hu cang long)", 2000),
    Movie("death", "Death Race", 2008),
    Movie("die", "Die Hard", 1988),
    Movie("dr", "Dr. No", 1962),
    Movie("epic", "Epic", 2013),
    Movie("game", "Game, The", 1997),
    Movie("gotta", "She's Gotta Have It", 1986),
    Movie("gp2", "Godfather: Part II, The", 1974),
    Movie("heart", "Un coeur en hiver", 1992),
    Movie("jaws", "Jaws", 1975),
    Movie("johnny", "Johnny English", 2003),
    Movie("killer", "Killer (Bulletproof Heart)", 1994),
    Movie("la", "L.A. Confidential", 1997),
    Movie("ladder", "Jacob's Ladder", 1990),
    Movie("mash", "M*A*S*H", 1970),
    Movie("net", "Net, The", 1995),
    Movie("ng", "Naked Gun 33 1/3: The Final Insult", 1994),
    Movie("peter", "Peter's Friends", 1992),
    Movie("quest", "Quest, The", 1996),
    Movie("rocky", "Rocky", 1976),
    Movie("rocky2", "Rocky II", 1979),
    Movie("romeo", "William Shakespeare's Romeo + Juliet", 1996),
    Movie("schind", "Schindler's List", 1993),
    Movie("seven", "Seven (a.k.a. Se7en)", 1995),
    Movie("sixth", "Sixth Sense, The", 1999),
    Movie("star", "Star Wars", 1977),
    Movie("the", "Usual Suspects, The", 1995),
    Movie("ww", "Wonder Woman", 2017),
]


def owner(name: str) -> str | None:
    """The movie that a file of the media folder is given to."""
    folder = Path("media")
    found = match_media([folder / name], MOVIES, folder)
    assert len(found) <= 1
    return next(iter(found), None)


@pytest.mark.parametrize(
    ("name", "movie"),
    [
        # Kodi, Jellyfin, Plex
        ("Toy Story-trailer.mp4", "1"),
        ("Toy Story (1995)-trailer.mkv", "1"),
        ("Toy Story (1995)-trailer2.mp4", "1"),
        ("Toy Story (1995) {tmdb-862}.mp4", "1"),
        ("Toy Story (1995) [imdbid-tt0114709]-trailer.mp4", "1"),
        ("Toy Story (1995) {edition-Director's Cut}.mp4", "1"),
        ("Toy Story (1995)/trailer.mp4", "1"),
        ("Toy Story (1995)/movie-trailer.mp4", "1"),
        ("Toy Story (1995)/trailers/Official Trailer 2.mp4", "1"),
        ("Crash (1996)/Crash-trailer.mp4", "crash"),
        # yt-dlp and YouTube
        ("GoldenEye - Official Trailer [0123456789a].en.vtt", "2"),
        ("GoldenEye ｜ Official Trailer [lcOqUE0r-8_].webm", "2"),
        ("GoldenEye - Official Trailer-lcOqUE0r-8_.mp4", "2"),
        ("GoldenEye Official Trailer #1 - Sean Bean Movie (1995) HD [lcOqUE0r0b8].en.vtt", "2"),
        ("GoldenEye (1995) Trailer #1 ｜ Movieclips Classic Trailers [lcOqUE0r0b8].mp4", "2"),
        ("GoldenEye Theatrical Teaser Trailer (HD).mp4", "2"),
        ("GoldenEye Red Band Trailer.mp4", "2"),
        ("GoldenEye bande-annonce.mp4", "2"),
        ("GoldenEye (1995)/bande-annonce.mp4", "2"),
        ("American Movie Trailer.mp4", "am"),
        ("Wonder Woman Final Trailer (2017).mp4", "ww"),
        # release groups and sites
        ("Toy.Story.1995.1080p.BluRay.x264-GROUP.srt", "1"),
        ("Toy.Story.1995.REMASTERED.2160p.UHD.BluRay.x265.10bit.HDR.DTS-HD.MA.TrueHD.7.1.Atmos-SWTYBLZ.srt", "1"),
        ("Toy.Story.1080p.WEB-DL.DD5.1.H.264-GRP.en.srt", "1"),
        ("Toy.Story.EXTENDED.720p.srt", "1"),
        ("Toy Story Director's Cut.mkv", "1"),
        ("Toy Story (Director's Cut).mkv", "1"),
        ("Toy Story (Official Trailer).mkv", "1"),
        ("Toy Story [HD].mkv", "1"),
        ("Toy_Story_(1995)_[1080p]_[YTS.MX].srt", "1"),
        ("toy-story-1995.srt", "1"),
        ("Toy+Story+1995.srt", "1"),
        ("Toy%20Story.srt", "1"),
        ("TOY STORY.SRT", "1"),
        ("(1995) Toy Story.srt", "1"),
        ("1995 - Toy Story.srt", "1"),
        ("www.site.org - Toy.Story.1995.srt", "1"),
        ("[ www.site.org ] - Toy.Story.1995.srt", "1"),
        ("[YTS.MX] Toy Story (1995).srt", "1"),
        ("site-4u.com - Toy Story.srt", "1"),
        ("Toy Story - www.site.org.srt", "1"),
        # numbers
        ("12.Monkeys.1995.srt", "7"),
        ("12 Monkeys.srt", "7"),
        ("8½ (1963).srt", "8h"),
        ("8½.srt", "8h"),
        ("Eight and a Half (1963).srt", "8h"),
        ("20000.Leagues.Under.the.Sea.1954.srt", "20k"),
        ("Twenty Thousand Leagues Under the Sea.srt", "20k"),
        ("20.000 Leagues Under the Sea (1954).srt", "20k"),
        ("One Hundred and One Dalmatians (1961).srt", "101"),
        ("The Thirty-Nine Steps (1935).srt", "39"),
        ("Rocky 2 (1979).srt", "rocky2"),
        ("Rocky.Two.srt", "rocky2"),
        ("Alien³.srt", "alien3"),
        ("Alien.III.1992.srt", "alien3"),
        ("Alien3.srt", "alien3"),
        ("The Godfather 2 (1974).srt", "gp2"),
        ("The.Godfather.Part.II.srt", "gp2"),
        ("The 6th Sense.srt", "sixth"),
        ("7 (1995).srt", "seven"),
        ("Naked Gun 33⅓ - The Final Insult.srt", "ng"),
        ("The Naked Gun 33 1-3 The Final Insult (1994).srt", "ng"),
        ("The Naked Gun 33⅓ (1994).srt", "ng"),
        ("2001.A.Space.Odyssey.1968.srt", "2001"),
        ("2001 A Space Odyssey trailer.mp4", "2001"),
        # letters and signs
        ("Æon Flux (2005).srt", "ae"),
        ("Un cœur en hiver.srt", "heart"),
        (unicodedata.normalize("NFD", "La Cité des enfants perdus.srt"), "city"),
        ("MASH (1970).srt", "mash"),
        ("M-A-S-H.srt", "mash"),
        ("LA Confidential.srt", "la"),
        ("Schindler_s List.srt", "schind"),
        ("Schindlers.List.1993.srt", "schind"),
        ("She’s Gotta Have It.srt", "gotta"),
        ("William Shakespeare's Romeo and Juliet.srt", "romeo"),
        # other titles and articles
        ("La Cité des enfants perdus (1995).srt", "city"),
        ("Wo hu cang long (2000).srt", "crouch"),
        ("Se7en.1995.srt", "seven"),
        ("Amelie (2001).srt", "amelie"),
        ("Usual.Suspects.1995.srt", "the"),
        ("City of Lost Children.srt", "city"),
        ("Golden Eye (1995).srt", "2"),
        ("Black Rain (1989).srt", "br"),
        ("Black Rain (Kuroi ame) (1989).srt", "br2"),
        ("Shanghai Triad (1995).srt", "noyear"),
        ("Johnny.English.srt", "johnny"),
        # transcripts
        ("Toy Story (1995) - Official Trailer (transcript).txt", "1"),
        ("GoldenEye.en.json", "2"),
        ("300.srt", "300"),
    ],
)  # fmt: skip
def test_a_name_finds_its_movie(name, movie):
    assert owner(name) == movie


@pytest.mark.parametrize(
    "name",
    [
        # sequels, remakes, films that begin or end alike
        "Toy Story 2.srt",
        "Toy Story 2 (1999).srt",
        "Toy Story (2).mp4",
        "Toy Story (2) trailer.mp4",
        "Toy Story (1994) (1995).srt",
        "Toy Story of Terror-trailer.mp4",
        "Toy Story Treats.srt",
        "Rocky III.srt",
        "Rocky Balboa (2006).srt",
        "Rocky V trailer.mp4",
        "Alien 4 (1997).srt",
        "Aliens.srt",
        "Alien Resurrection trailer.mp4",
        "Alien (2003).srt",
        "Psycho (1998).srt",
        "Jaws 2.srt",
        "Jaws 3-D.mp4",
        "Jaws 3D trailer.mp4",
        "Jaws.The.Revenge.1987.srt",
        "Die Hard 2 (1990).srt",
        "Die Hard with a Vengeance.srt",
        "Die Harder.srt",
        "Hard.srt",
        "Godfather (1972).srt",
        "The Godfather.srt",
        "The Godfather Part III.srt",
        "Star Wars Uncut.mp4",
        "Star Wars Uncut - Director's Cut-trailer.mp4",
        "Star Wars Episode II.srt",
        "Epic Movie trailer.mp4",
        "Killer Movie-trailer.mp4",
        "American (1999).srt",
        "Crash Test Dummies trailer.mp4",
        # years off by one or by more, and numbers that are none
        "Toy Story (1996).srt",
        "Toy.Story.1994.1080p.srt",
        "GoldenEye - Trailer (1996).mp4",
        "Crash (2004).srt",
        "Crash.Trailer.2004.mp4",
        "Crash (2004)/Crash-trailer.mp4",
        "Airport.1975.srt",
        "Airport 1975 (1974).srt",
        "Wonder Woman 1984 (2020).srt",
        "Wonder.Woman.1984.srt",
        "Death Race 2000 (1975).srt",
        "Death.Race.2050.srt",
        "Shanghai.Triad.1995.srt",
        "Unknown (2011).srt",
        "Unknown.2011.1080p.srt",
        "Unknown Trailer 2011.mp4",
        "Unknown (2011)/trailer.mp4",
        "Unknown (2011)/Unknown-trailer.mp4",
        "7.Days.1995.srt",
        "33 1-3.srt",
        "Naked Gun 33 1-3.srt",
        "Naked Gun (1994).srt",
        "2001 (1968).srt",
        "8.srt",
        "9.Songs.srt",
        "101 Dalmatians (1996).srt",
        "20000 Leagues (1954).srt",
        # one word titles, parts of titles, other articles
        "Game (1997).srt",
        "Net.srt",
        "Net (1995).srt",
        "Quest (1996).srt",
        "The Jaws (1975).srt",
        "The Unknown.srt",
        "Suspects.srt",
        "Usual Suspects.srt",
        "City of Lost.srt",
        "Crouching Tiger (2000).srt",
        "Hidden Dragon.srt",
        "Juliet.srt",
        "Golden Eye.srt",
        "Gold.srt",
        "Johnny.srt",
        "Peter.Pan.srt",
        "Dr. No Way.srt",
        "No.srt",
        "It.srt",
        "She's.Gotta.Have.srt",
        # what is of the film, and no trailer
        "Toy Story (1995)-behindthescenes.mp4",
        "Toy Story-featurette.mp4",
        "Toy Story (1995) Making Of.mp4",
        "Toy Story (1995) Trailer Reaction.mp4",
        "Toy Story - Honest Trailer.mp4",
        "Toy Story Trailer (Fan Made).mp4",
        "Toy Story [Parody].mp4",
        "Toy Story (Short).mp4",
        "Toy Story Trailer - Lego.mp4",
        "Toy Story (1995) Soundtrack.mp3",
        "Toy Story (1995).en.commentary.srt",
        "Toy Story (1995) vs Antz (1998).mp4",
        "Toy Story (1995).info.json",
        "Toy Story (1995).live_chat.json",
        "Toy Story (1995) [0123456789a].info.json",
        "Toy Story (1995).description.txt",
        "Toy Story (1995) synopsis.txt",
        "Toy.Story.1995.1080p.x264-GROUP.thumbs.json",
        "1.info.json",
        "1.songs.srt",
        "1 (1).srt",
        "300 trailer.mp4",
        "trailer.mp4",
        "trailers/Official Trailer.mp4",
        "en.srt",
    ],
)  # fmt: skip
def test_nothing_that_is_nearly_a_movie_is_taken(name):
    assert owner(name) is None


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("GoldenEye (1995).en", "en"),
        ("GoldenEye (1995) en", "en"),
        ("GoldenEye (1995) - English", "en"),
        ("GoldenEye (1995) [English]", "en"),
        ("GoldenEye.English", "en"),
        ("GoldenEye.eng", "en"),
        ("GoldenEye.Français", "fr"),
        ("GoldenEye.EN", "en"),
        ("GoldenEye_en", "en"),
        ("GoldenEye.pt-BR", "pt"),
        ("GoldenEye.zh-Hans", "zh"),
        ("GoldenEye.es-419", "es"),
        ("GoldenEye.en-orig", "en"),
        ("GoldenEye.de-en", "de"),
        ("GoldenEye (1995).en.hi", "en"),
        ("GoldenEye (1995).hi.en", "en"),
        ("GoldenEye (1995).hi", None),
        ("GoldenEye (1995).hi.sdh", "hi"),
        ("GoldenEye (1995).hin", "hi"),
        ("GoldenEye (1995).Hindi", "hi"),
        ("GoldenEye (1995).hi-IN", "hi"),
        ("GoldenEye.en.sdh", "en"),
        ("GoldenEye.English SDH", "en"),
        ("GoldenEye.en.cc", "en"),
        ("GoldenEye.en.forced", "en"),
        ("GoldenEye.forced.en", "en"),
        ("GoldenEye.en_forced", "en"),
        ("GoldenEye.en.default", "en"),
        ("GoldenEye [0123456789a].en", "en"),
        ("GoldenEye.fr.en", "en"),
        ("Dr. No", None),
        ("Dr.No", None),
        ("Dr. No.no", "no"),
        ("Dr. No (1962).no", "no"),
        ("DR.NO", None),
        ("She's.Gotta.Have.It", None),
        ("SHE'S.GOTTA.HAVE.IT", None),
        ("She's.Gotta.Have.It.1986.it", "it"),
        ("As Good as It Gets", None),
        ("To Be or Not to Be", None),
        ("Peter Pan", None),
        ("Johnny English", None),
        ("Spider-Man", None),
        ("The English Patient", None),
        ("en", None),
        ("GoldenEye.1080p", None),
    ],
)
def test_a_language_is_told_by_a_tag_and_by_no_word_of_a_title(name, language):
    assert file_language(Path(f"{name}.srt")) == language


@pytest.mark.parametrize(
    ("name", "title"),
    [("dr.no.srt", "Dr. No"), ("shes.gotta.have.it.srt", "She's Gotta Have It"), ("Johnny.English.srt", "Johnny English")],
)  # fmt: skip
def test_a_name_that_is_the_title_tells_no_language(name, title):
    assert file_language(Path(name)) is not None
    assert file_language(Path(name), title) is None


def test_a_name_has_one_language():
    assert [name.stem for name in tagged("Amour.fr.en")] == ["Amour.fr.en", "Amour.fr"]


def test_forced_subtitles_come_last_and_those_with_sounds_after_those_without():
    names = ["a.mp3", "a.en.forced.srt", "a.en.sdh.srt", "a.en.hi.srt", "a.en.srt", "a.en.vtt", "a.mp4"]
    ordered = ["a.en.srt", "a.en.hi.srt", "a.en.sdh.srt", "a.en.vtt", "a.mp3", "a.mp4", "a.en.forced.srt"]
    assert [path.name for path in preferred_first(map(Path, names))] == ordered
    assert [path.name for path in map(Path, names) if is_forced(path)] == ["a.en.forced.srt"]


@given(st.text(alphabet="aZé1 ._-()[]{}'+%enhi", max_size=40))
def test_any_name_is_read(stem):
    names = [name.stem for name in tagged(stem)]
    assert names[0] == stem
    assert all(longer.startswith(shorter) for longer, shorter in pairwise(names))
    match_media([Path("media") / f"x{stem}.srt"], MOVIES, Path("media"))

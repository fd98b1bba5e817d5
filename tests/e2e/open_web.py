"""A run against a web that pushes back: faults of every kind, a block in the middle, and kill -9 again and again."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml
from loopback import media
from loopback.faults import Faults
from loopback.journal import Entry
from loopback.server import Server
from loopback.youtube import Track, Video, YouTube

from trailerflow.outcomes import Outcome, read_outcome

FIRST_WORDS = (
    "Amber", "Brass", "Cobalt", "Copper", "Crimson", "Granite", "Hollow", "Ivory", "Marble", "Quiet", "Scarlet", "Silver",
    "Velvet", "Winter", "Wooden",
)  # fmt: skip
SECOND_WORDS = (
    "Anchor", "Bridge", "Canyon", "Compass", "Feather", "Garden", "Harbour", "Lantern", "Meadow", "Orchard", "Parade",
    "Quarry", "Ribbon", "Shutter",
)  # fmt: skip
SOUND_SECONDS = 16
IN_FLIGHT_SECONDS = 1.5
"""A request that came so shortly before a kill may have been in flight."""

JOURNAL_SECONDS = 0.5
SETTLED = {"ok", "absent", "failed"}


@dataclass(frozen=True)
class Film:
    """A movie of the scenario.

    Attributes:
        id: Its id.
        title: Its title.
        video: The video that is its trailer.
        kind: What goes wrong with it.
    """

    id: str
    title: str
    video: str
    kind: str


@dataclass
class Findings:
    """What became of the movies, and what the site saw.

    Attributes:
        statuses: Outcomes of prepare_transcript by status.
        wrong: Movies with the words of another video.
        runs: How often Snakemake was started.
        kills: Times of the kills, in seconds since the epoch.
        requests: Requests in all.
        repeated: Requests for something that had arrived whole before, and was not in flight at a kill.
        in_flight: Requests for something whose answer may have been in flight at a kill.
        foreign: Requests to hosts that are not played.
        during_block: Requests between the first blocking answer and the end of the block.
        sounds: Sounds that are still there in the end.
        again: Requests of the runs after a changed cleaning rule and a deleted ``results``.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    runs: int = 0
    kills: list[float] = field(default_factory=list)
    requests: int = 0
    repeated: list[str] = field(default_factory=list)
    in_flight: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    during_block: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    again: int = 0


class Scenario:
    """The site, the project and the kills.

    Args:
        folder: A project's folder, with the workflow in it.
        movies: How many movies.
        kills: How often the whole run is killed.
        block_after: After how many videos the site blocks.
        models: Folder of the fetched models.
        blocked_seconds: How long the project believes in a block; longer than the run that meets it.
        seed: Of all that is drawn.
    """

    def __init__(
        self,
        folder: Path,
        *,
        movies: int,
        kills: int,
        block_after: int,
        models: Path,
        blocked_seconds: float = 60,
        seed: int = 0,
    ) -> None:
        self.folder = folder
        self._random = random.Random(seed)
        self._kills = kills
        self._blocked_seconds = blocked_seconds
        self.films = list(_films(movies, self._random))
        self.faults = Faults(hang_seconds=1)
        self.server = Server(_site(self.films, self.faults, self._random), faults=self.faults)
        self.faults.block_after_videos(block_after)
        self._lifted = 0.0
        self.findings = Findings()
        self._write_project(models)

    def play(self) -> Findings:
        """Run, kill, run again, until every movie is settled."""
        with self.server:
            for _ in range(self._kills):
                self._run(kill_after=self._random.uniform(6, 30))
                self._lift()
            for _ in range(6):
                self._run()
                self._lift()
                if set(self._outcomes()) <= SETTLED:
                    break
            self._judge()
            self._ask_again()
        return self.findings

    def _write_project(self, models: Path) -> None:
        rows = [f'{film.id},"{film.title}",1995' for film in self.films]
        (self.folder / "movies.csv").write_text("\n".join(["id,title,year", *rows]) + "\n")
        settings = {
            "catalogue": {"movies": "movies.csv", "archive": None},
            "models": {"folder": str(models), "speech": {"model": "faster-whisper-tiny.en", "beam": 1}},
            "web": {"pause_seconds": 0, "blocked_minutes": self._blocked_seconds / 60},
            "trailers": {"sources": ["search"]},
            "synopses": {"table": None},
        }
        (self.folder / "mine.yaml").write_text(yaml.safe_dump(settings))

    def _run(self, kill_after: float | None = None) -> None:
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "trailers", "--configfile", "mine.yaml"]
        self.findings.runs += 1
        with (self.folder / "run.log").open("a") as log:
            run = subprocess.Popen(
                command, cwd=self.folder, env=os.environ | self.server.environment, stdout=log, stderr=log
            )
            try:
                run.wait(kill_after)
            except subprocess.TimeoutExpired:
                self._kill()
                run.wait()
        unlock = "from trailerflow.commands import main; main()"
        subprocess.run(
            [sys.executable, "-c", unlock, "unlock"], cwd=self.folder, check=True, capture_output=True
        )

    def _kill(self) -> None:
        """kill -9 of all that works in the project's folder: Snakemake, its jobs, the model servers."""
        self.findings.kills.append(time.time())
        for process in psutil.process_iter(["cwd"]):
            if process.info["cwd"] == str(self.folder):
                process.kill()

    def _lift(self) -> None:
        """End the block where there was one, and wait until the project believes it."""
        if self.faults.blocked and not self._lifted:
            self._lifted = time.time()
            self.faults.lift()
            time.sleep(self._blocked_seconds + 1)

    def _outcomes(self) -> Counter[str]:
        return Counter(self._outcome("prepare_transcript", film).status for film in self.films)

    def _outcome(self, rule: str, film: Film) -> Outcome:
        path = self.folder / "results" / rule / f"{film.id}.json"
        return read_outcome(path) if path.exists() else Outcome.later(rule, film.id, "not there")

    def _judge(self) -> None:
        findings = self.findings
        findings.statuses = self._outcomes()
        findings.wrong = [film.id for film in self.films if not self._is_right(film)]
        findings.sounds = [path.name for path in self.folder.glob("resources/cache/web/sounds/*")]
        entries = self.server.journal.entries
        findings.requests = len(entries)
        findings.repeated, findings.in_flight = _repeated(entries, findings.kills)
        findings.foreign = [
            f"{entry.method} {entry.host} {entry.target}" for entry in entries if entry.route == "foreign"
        ]
        blocking = [entry.time for entry in entries if entry.fault == "block"]
        if blocking:
            findings.during_block = [
                f"{entry.route} {entry.host} {entry.video}, {entry.time - min(blocking):.1f} s after the block"
                for entry in entries
                if min(blocking) < entry.time < self._lifted and entry.route != "foreign"
            ]

    def _is_right(self, film: Film) -> bool:
        """Whether a movie's words are those of its own video."""
        words = self._outcome("prepare_transcript", film)
        if words.data is None:
            return True
        if film.kind == "no captions":
            return self._outcome("transcribe_trailer", film).source.get("video") == film.video
        return set(re.findall(r"token\w+", words.data["text"])) == {f"token{film.id}"}

    def _ask_again(self) -> None:
        """What must cost no request: a comment, a cleaning rule, a deleted folder of results."""
        before = len(self.server.journal.entries)
        cleaning = self.folder / "src/trailerflow/trailers/cleaning/clean.py"
        cleaning.write_text(cleaning.read_text() + "\n# A comment.\n")
        self._run()
        cleaning.write_text(cleaning.read_text() + "\nNOTHING = None\n")
        self._run()
        subprocess.run(["rm", "-rf", "results"], cwd=self.folder, check=True)
        self._run()
        self.findings.again = len(self.server.journal.entries) - before


def _films(count: int, draw: random.Random) -> Iterator[Film]:
    kinds = {"no captions": 0.2, "wrong video": 0.05, "transient": 0.05, "gone": 0.03}
    drawn = [kind for kind, share in kinds.items() for _ in range(max(1, round(share * count)))]
    drawn += ["plain"] * (count - len(drawn))
    draw.shuffle(drawn)
    titles = [f"{first} {second}" for first in FIRST_WORDS for second in SECOND_WORDS]
    for number, kind in enumerate(drawn):
        yield Film(str(number), titles[number], f"video{number:06d}", kind)


def _site(films: list[Film], faults: Faults, draw: random.Random) -> YouTube:
    videos, searches = [], {}
    for film in films:
        decoy = Video(f"other{film.id:0>6}", f"{film.title} 1995 trailer reaction", duration=700)
        listed = [decoy, _trailer(film)]
        if film.kind == "gone":
            dead = Video(
                f"dead_{film.id:0>6}", f"{film.title} - Official Trailer (1995)",
                status="LOGIN_REQUIRED", reason="This video is private",
            )  # fmt: skip
            listed.insert(0, dead)
        videos += listed
        searches[f"{film.title} 1995 trailer".lower()] = [video.id for video in listed]
        if film.kind == "wrong video":
            faults.script("player", ["othervideo"] * draw.choice([1, 2, 4]), film.video)
        elif film.kind == "transient":
            faults.script(draw.choice(["watch", "player", "timedtext"]), ["503", "500"], film.video)
    site = YouTube(videos)
    site.searches.update(searches)
    return site


def _trailer(film: Film) -> Video:
    title = f"{film.title} (1995) trailer"
    if film.kind == "no captions":
        return Video(film.video, title, duration=SOUND_SECONDS, audio={140: media.m4a(seconds=SOUND_SECONDS)})
    lines = [
        (0.0, 3.0, f"In the valley of token{film.id} nobody sleeps."),
        (3.0, 3.0, "They wait for the bell."),
    ]
    return Video(film.video, title, tracks=[Track("en", "English", lines)])


def _repeated(entries: list[Entry], kills: list[float]) -> tuple[list[str], list[str]]:
    """Requests for what had arrived whole before: those that no kill excuses, and those that were in flight at one."""
    arrived: dict[Any, float] = {}
    unexcused, in_flight = [], []
    for entry in entries:
        key = (entry.method, entry.route, entry.video, entry.asked, _unsigned(entry.target))
        if key in arrived:
            before = arrived[key]
            nearest = min((kill - before for kill in kills), key=abs, default=float("inf"))
            told = f"{entry.route} {entry.video}, {entry.time - before:.1f} s after it came, a kill {nearest:.1f} s after that"
            # A request can reach the journal just after the kill of the process that sent it.
            excused = -JOURNAL_SECONDS <= nearest <= IN_FLIGHT_SECONDS
            (in_flight if excused else unexcused).append(told)
        if entry.whole and not entry.fault and entry.route != "foreign":
            arrived[key] = entry.time
    return unexcused, in_flight


def _unsigned(target: str) -> str:
    return re.sub(r"[?&](?:key|expire|ei|sig|cpn|prettyPrint)=[^&]*", "", target)

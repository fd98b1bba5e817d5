"""Make the sample's audio clips: narrations in a synthetic voice, and one clip of tones and noise without a word.

Needs espeak-ng and sox (Debian's packages of these names). The clips are committed; run this only to change them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.program import run

FOLDER = Path(__file__).parent
VOICES = {
    "1": ("en-us+m3", "150"),
    "97": ("en-gb+m7", "145"),
    "121": ("en-us+f2", "150"),
    "294": ("en-gb+f3", "150"),
}
"""Movie to voice and speed (words a minute)."""
SILENT = "48"
COMPRESSION = ["-r", "16000", "-c", "1", "-C", "0"]


def speak(movie: str, output: Path) -> None:
    """Read a movie's narration aloud into an Ogg file, 16 kHz mono."""
    voice, speed = VOICES[movie]
    with tempfile.NamedTemporaryFile(suffix=".wav") as wave:
        text = FOLDER / "narrations" / f"{movie}.txt"
        subprocess.run(
            ["espeak-ng", "-v", voice, "-s", speed, "-g", "3", "-f", str(text), "-w", wave.name], check=True
        )
        subprocess.run(["sox", wave.name, *COMPRESSION, str(output)], check=True)


def play(output: Path) -> None:
    """Twenty seconds of a slow chord over soft noise."""
    chord = [
        "synth",
        "20",
        "sine",
        "220",
        "synth",
        "20",
        "sine",
        "mix",
        "277",
        "synth",
        "20",
        "sine",
        "mix",
        "330",
    ]
    noise = ["synth", "20", "pinknoise", "mix"]
    subprocess.run(
        ["sox", "-n", *COMPRESSION, str(output), *chord, *noise, "tremolo", "2", "60", "gain", "-12"],
        check=True,
    )


def main() -> None:
    """Make every clip in the media folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder of the clips")
    arguments = parser.parse_args()
    for program in ("espeak-ng", "sox"):
        if shutil.which(program) is None:
            raise TrailerflowError(
                f"{program} is missing; install Debian's package {program} and run this again."
            )
    for movie in VOICES:
        speak(movie, arguments.output / f"{movie}.ogg")
    play(arguments.output / f"{SILENT}.ogg")


if __name__ == "__main__":
    run(main)

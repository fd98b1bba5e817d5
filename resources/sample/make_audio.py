"""Make the sample's sound files: four narrations in a synthetic voice, and one clip of tones and noise.

Needs espeak-ng and sox, on Debian `apt-get install espeak-ng sox`. The files are committed; run this only to change them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.program import run

VOICES: dict[str, tuple[str, str]] = {
    "183": ("en-us+f3", "145"),
    "204": ("en-us+m3", "145"),
    "234": ("en-gb-x-rp", "145"),
    "603": ("en-us", "150"),
}
"""Movie to voice and words a minute, as speech recognition understood them."""

WORDLESS = "56"
WORDLESS_SECONDS = "20"
ENCODING = ["-r", "16000", "-c", "1", "-C", "-0.5"]
"""16 kHz mono Ogg Vorbis: a minute in some 130 KB. At the lowest quality, -1, the recogniser errs half as often again."""


def speak(narration: Path, voice: str, words_a_minute: str, output: Path) -> None:
    """Read a text aloud into an Ogg file."""
    with tempfile.TemporaryDirectory() as folder:
        wave = Path(folder, "speech.wav")
        subprocess.run(
            [
                "espeak-ng",
                "-v",
                voice,
                "-s",
                words_a_minute,
                "-g",
                "6",
                "-f",
                str(narration),
                "-w",
                str(wave),
            ],
            check=True,
        )
        # -R: a file remade is the same file, byte for byte. -v: room for the resampling, which else clips.
        subprocess.run(["sox", "-R", "-v", "0.9", str(wave), *ENCODING, str(output)], check=True)


def play(output: Path) -> None:
    """Write a slow chord over noise into an Ogg file: sound in which nobody speaks."""
    tones = ["synth", WORDLESS_SECONDS, "sine", "110", "sine", "165", "sine", "220", "pinknoise"]
    shape = ["remix", "1v0.3,2v0.25,3v0.2,4v0.15", "tremolo", "0.5", "70", "fade", "2", WORDLESS_SECONDS, "3"]
    subprocess.run(["sox", "-R", "-n", *ENCODING, str(output), *tones, *shape], check=True)


def main() -> None:
    """Read the arguments, make every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--narrations", type=Path, required=True, help="folder of the texts, <movie>.txt")
    parser.add_argument("--output", type=Path, required=True, help="folder to write <movie>.ogg into")
    arguments = parser.parse_args()
    for program in ("espeak-ng", "sox"):
        if shutil.which(program) is None:
            raise TrailerflowError(f"{program} is not installed; on Debian: apt-get install espeak-ng sox.")
    arguments.output.mkdir(parents=True, exist_ok=True)
    try:
        for movie, (voice, words_a_minute) in VOICES.items():
            narration = arguments.narrations / f"{movie}.txt"
            speak(narration, voice, words_a_minute, arguments.output / f"{movie}.ogg")
        play(arguments.output / f"{WORDLESS}.ogg")
    except subprocess.CalledProcessError as error:
        raise TrailerflowError(f"{error.cmd[0]} stopped with exit status {error.returncode}.") from None


if __name__ == "__main__":
    run(main)

"""Options of the plugin. Snakemake reads the fields' types as they are, so annotations are not postponed here."""

from dataclasses import dataclass, field

from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """Options of the plugin, given as ``--logger-trailerflow-every`` and the like."""

    every: int = field(
        default=5,
        metadata={
            "help": "Seconds between two progress lines where the output is no terminal "
            "(in a terminal the line is renewed every second).",
            "type": int,
        },
    )
    plain: bool = field(
        default=False,
        metadata={
            "help": "Show Snakemake's usual lines, a block for each job, instead of progress and summary."
        },
    )
    reasons: str = field(
        default="",
        metadata={"help": "File to write into, as JSON, why each job of a dry run would run.", "type": str},
    )

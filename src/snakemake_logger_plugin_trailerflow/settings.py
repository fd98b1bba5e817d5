"""Options of the plugin. Snakemake reads the fields' types as they are, so annotations are not postponed here."""

from dataclasses import dataclass, field

from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """Options of the plugin, given as ``--logger-trailerflow-every`` and ``--logger-trailerflow-plain``."""

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

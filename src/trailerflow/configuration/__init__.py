"""The configuration's check, and the hashes that tell which jobs a change of code reaches."""

from trailerflow.configuration.check import configuration_problems
from trailerflow.configuration.code import CodeHashes
from trailerflow.configuration.command_line import give_types
from trailerflow.configuration.secrets import secret_variables

__all__ = ["CodeHashes", "configuration_problems", "give_types", "secret_variables"]

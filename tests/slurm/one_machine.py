"""A real Slurm on one machine: a controller, nodes with pretended cores and cards, and a munge of its own, all in one folder.

Needs root and Debian's slurmctld, slurmd, slurm-client and munge; no systemd, no cgroups, no accounting database. Nothing of
the machine's own Slurm, if it has one, is read or changed: everything goes by ``SLURM_CONF``.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "srun", "scontrol")
START_SECONDS = 30
CARD = (195, 0)
"""Numbers of a device that stands for a graphics card: Slurm takes only a device for one."""

CONF = """
ClusterName=one_machine
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool_%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd_%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd_%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=1,sched_interval=2,bf_interval=2,max_array_tasks=1000
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldTimeout=30
SlurmdTimeout=6
KillWait=1
OverTimeLimit=0
MinJobAge={forgets_after}
MaxJobCount={most_jobs}
ReturnToService=2
SlurmdParameters=config_overrides
GresTypes=gpu
{nodes}
PartitionName=cpu Nodes=cpu1,cpu2 Default=YES MaxTime=1-00:00:00 State=UP PriorityTier=1
PartitionName=gpu Nodes=gpu1 MaxTime=1-00:00:00 State=UP PriorityTier=1
PartitionName=urgent Nodes=cpu1,cpu2,gpu1 MaxTime=1-00:00:00 State=UP PriorityTier=9
"""
NODE = (
    "NodeName={name} NodeHostname=localhost NodeAddr=127.0.0.1 Port={port} CPUs={cpus} RealMemory={megabytes} {gres} "
    "State=UNKNOWN"
)


def why_not() -> str | None:
    """Why Slurm cannot be started here, in plain words; None where it can."""
    if os.geteuid() != 0:
        return "Slurm's nodes are started by root only"
    if missing := [name for name in PROGRAMS if not shutil.which(name)]:
        return f"{', '.join(missing)} not found: apt-get install slurmctld slurmd slurm-client munge"
    return None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def waited(is_so: Callable[[], bool], seconds: float = START_SECONDS) -> bool:
    """Whether something became so in time."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@dataclass(frozen=True)
class Submitted:
    """What Slurm says of a job.

    Attributes:
        number: Its number.
        array: The number of the array that it is a task of, or its own.
        comment: Which rule or group it is for.
        state: Such as COMPLETED.
        partition: Where it ran.
        nodes: Names of its nodes.
        cpus: Cores that it asked for.
        megabytes: Memory that it asked for.
        minutes: Time that it asked for.
        gpus: Cards that it asked for.
        restarts: How often Slurm put it back into the queue.
    """

    number: str
    array: str
    comment: str
    state: str
    partition: str
    nodes: str
    cpus: int
    megabytes: int
    minutes: int
    gpus: int
    restarts: int

    @property
    def rule(self) -> str:
        """The rule or group that it is for."""
        return re.sub(r"^(rule|group)_|_wildcards_.*$", "", self.comment)


def minutes_of(limit: str) -> int:
    """Minutes of a time that Slurm shows as [days-]hours:minutes:seconds."""
    days, _, clock = limit.rpartition("-")
    hours, minutes, _ = (int(part) for part in clock.split(":"))
    return int(days or 0) * 24 * 60 + hours * 60 + minutes


def job_of(shown: str) -> Submitted:
    """A job, from a line of ``scontrol --oneliner show job``."""
    fields = dict(part.split("=", 1) for part in shown.split() if "=" in part)
    gpus = re.search(r"gres[/:]gpu\S*?[=:](\d+)", shown)
    memory = re.search(r"mem=(\d+)([MG])", fields.get("TRES", ""))
    return Submitted(
        fields["JobId"],
        fields.get("ArrayJobId", fields["JobId"]),
        fields.get("Comment", ""),
        fields["JobState"],
        fields["Partition"],
        fields.get("NodeList", ""),
        int(fields["NumCPUs"].split("-")[0]),
        int(memory[1]) * (1024 if memory[2] == "G" else 1) if memory else 0,
        minutes_of(fields["TimeLimit"]),
        int(gpus[1]) if gpus else 0,
        int(fields.get("Restarts", 0)),
    )


class OneMachine:
    """A cluster of three nodes: ``cpu1`` and ``cpu2``, and ``gpu1`` with two pretended cards.

    Args:
        most_jobs: More than so many are refused.
        forgets_after: Seconds after which a finished job is forgotten.

    Attributes:
        folder: Where all of it lies.
        environment: What programs need to ask it.
    """

    def __init__(self, *, most_jobs: int = 5000, forgets_after: int = 3600) -> None:
        # A socket's path must be short; munge wants no folder that others may write into above its own.
        self.folder = Path(tempfile.mkdtemp(prefix="slurm-", dir="/var/lib"))
        programs = self.folder / "bin"
        self.environment = {
            **os.environ,
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.folder.chmod(0o755)
        for name in ("state", "munge", "bin"):
            (self.folder / name).mkdir(mode=0o700)
        # The executor takes all of Slurm's variables from a job's step, and with them where this cluster is.
        step = programs / "srun"
        step.write_text(f'#!/bin/sh\nSLURM_CONF={self.folder}/slurm.conf exec {shutil.which("srun")} "$@"\n')
        step.chmod(0o700)
        cards = [self.folder / f"card{number}" for number in range(2)]
        for card in cards:
            os.mknod(card, 0o600 | 0o020000, os.makedev(*CARD))
        (self.folder / "gres.conf").write_text(
            f"NodeName=gpu1 Name=gpu Type=pretended Flags=nvidia_gpu_env File={self.folder}/card[0-1]\n"
        )
        (self.folder / "cgroup.conf").write_text("CgroupAutomount=no\nConstrainCores=no\n")
        nodes = [
            NODE.format(
                name=name, port=free_port(), cpus=4, megabytes=16000,
                gres="Gres=gpu:pretended:2" if name == "gpu1" else "",
            )
            for name in ("cpu1", "cpu2", "gpu1")
        ]  # fmt: skip
        (self.folder / "slurm.conf").write_text(
            CONF.format(
                folder=self.folder, port=free_port(), nodes="\n".join(nodes), most_jobs=most_jobs,
                forgets_after=forgets_after,
            )
        )  # fmt: skip

    def _start(self, name: str, *command: str) -> None:
        with open(self.folder / f"{name}.out", "ab") as out:
            self._running[name] = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def __enter__(self) -> OneMachine:
        try:
            self._start_munge()
            self._start("slurmctld", "slurmctld", "-D", "-i")
            for name in ("cpu1", "cpu2", "gpu1"):
                self.start_node(name)
            if not waited(lambda: self.states().count("idle") == 3):
                logs = "\n".join(file.read_text()[-2000:] for file in self.folder.glob("*.log"))
                raise RuntimeError(f"Slurm did not come up:\n{logs}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start_munge(self) -> None:
        key, place = self.folder / "munge.key", self.folder / "munge"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        socket_file = self.folder / "munge.socket"
        self._start(
            "munged", "munged", "--foreground", f"--socket={socket_file}", f"--key-file={key}",
            f"--pid-file={place}/pid", f"--seed-file={place}/seed", f"--log-file={place}/log",
        )  # fmt: skip
        if not waited(socket_file.exists):
            raise RuntimeError(f"munged did not start: {(self.folder / 'munged.out').read_text()}")

    def __exit__(self, *_: object) -> None:
        for name in [*self._running]:
            self._end(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, name: str) -> None:
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def start_node(self, name: str) -> None:
        """Start a node."""
        self._start(f"slurmd_{name}", "slurmd", "-D", "-N", name, "-f", self.environment["SLURM_CONF"])

    def kill_node(self, name: str) -> None:
        """Let a node die with all that runs on it, as by a power cut: what would report it dies first."""
        process = self._running.pop(f"slurmd_{name}")
        process.kill()
        process.wait()
        for number in [*self._steps(name), *self._programs(name)]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def _steps(self, name: str) -> list[int]:
        """Process numbers of what Slurm runs beside a node's jobs."""
        jobs = {job.number for job in self.jobs() if job.nodes == name}
        shown = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
        found = re.findall(r"^\s*(\d+) slurmstepd: \[(\d+)", shown, re.MULTILINE)
        return [int(number) for number, job in found if job in jobs]

    def _programs(self, name: str) -> list[int]:
        """Process numbers of a node's jobs and all that they started."""
        marks = {f"SLURMD_NODENAME={name}".encode(), f"SLURM_CONF={self.environment['SLURM_CONF']}".encode()}
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if marks <= set((folder / "environ").read_bytes().split(b"\0")):
                    found.append(int(folder.name))
        return found

    def asked(self, *command: str) -> str:
        """What one of Slurm's programs prints.

        Raises:
            CalledProcessError: It failed.
        """
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def states(self) -> list[str]:
        """The state of each node."""
        with suppress(subprocess.CalledProcessError):
            return self.asked("sinfo", "--noheader", "--Node", "--partition=urgent", "--format=%T").split()
        return []

    def refused(self) -> bool:
        """Whether it ever refused a job since its queue was full."""
        return "MaxJobCount" in (self.folder / "slurmctld.log").read_text(encoding="utf-8")

    def jobs(self) -> list[Submitted]:
        """All jobs since the start, by their number."""
        shown = self.asked("scontrol", "--oneliner", "show", "job")
        jobs = [job_of(line) for line in shown.splitlines() if line.startswith("JobId=")]
        return sorted(jobs, key=lambda job: int(job.number))

"""One client for every language model: it takes the answer that is kept, or sends a request and keeps the answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.answers import AnswerStore, KeptAnswer
from trailerflow.errors import LaterError, OnlyThisLaterError, RefusedError, TrailerflowError
from trailerflow.llm.budget import Budget, Cost
from trailerflow.llm.exchange import EmbeddedExchange, Exchange, HostedExchange, Reply
from trailerflow.llm.limits import ModelPace, Reservation
from trailerflow.llm.model import LONGEST_FIELDS, LanguageModel, Limits, processes_of
from trailerflow.llm.operation import REPLAY, Operation
from trailerflow.llm.structured import portable_schema
from trailerflow.llm.types import Answer, Request, parse_completion
from trailerflow.llm.usage import counted
from trailerflow.lock import work_under
from trailerflow.retry import PAUSES, TransientError, UnsentError
from trailerflow.times import utc_time

if TYPE_CHECKING:
    from trailerflow.llm.gate import Gate, Slots

PAUSES_WAITED = 5
"""How many pauses in a row are waited out before a request is left for later."""

TROUBLE_SECONDS = 60.0
"""After this time a later run asks a server in trouble again."""

BYTES_PER_TOKEN = 3.5
"""English text has about 4.3 bytes a token. So the guess is a little high; it is corrected when the answer is there."""

TOKENS_PER_MESSAGE = 8

SAMPLING_TEMPERATURE = 0.7
"""Of a request's samples; high enough that they differ."""

CUT_WORDS, CUT_SHARE = 400, 0.95
"""Every word is at least one token. So a server has cut a question of more than `CUT_WORDS` words of which it counts fewer
tokens than this share of the words."""

Keep = Callable[[Mapping[str, Any], Any], KeptAnswer]
"""Keeps the answer to a request where it belongs."""


class Client:
    """Asks one model, and never asks the same twice.

    Args:
        model: The model's settings.
        operation: Whether it is asked at all, and what may be spent.
        cache: Folder of the answers that were paid for; several hosts may share it.
        run: Folder of what lives during a run (the embedded server's endpoint).
        models_folder: Folder of the fetched models.
        threads: CPU threads that the embedded server may use; never more than the job was given.

    Examples:
        >>> client = Client(model, cache=cache, run=run, models_folder=folder, threads=2)  # doctest: +SKIP
        >>> client.ask(Request([{"role": "user", "content": "Say yes."}], max_tokens=1)).text  # doctest: +SKIP
        'Yes'
    """

    def __init__(
        self,
        model: LanguageModel,
        *,
        cache: Path,
        run: Path,
        models_folder: Path,
        threads: int,
        operation: Operation | None = None,
    ) -> None:
        self.model = model
        self._operation = operation or Operation()
        self._store = AnswerStore(cache / "answers", self._operation.refresh_before)
        self._flights = cache / "flights"
        self._account = None if model.is_embedded else _Account(model, self._operation, cache)
        self._slots = _slots(model)
        self._exchange: Exchange = (
            EmbeddedExchange(model, run=run, models_folder=models_folder, threads=threads)
            if model.is_embedded
            else HostedExchange(model)
        )
        self._later: LaterError | None = None

    def ask(self, request: Request) -> Answer:
        """Answer a request: by the answer that is kept, or by a new one.

        Once one request is for later, so is every further one without a kept answer: nothing more is sent. A fork of this
        process finds that out by a request of its own.

        Raises:
            LaterError: Quota, rate limit, budget, a server in trouble, or nothing kept in ``replay``.
            RefusedError: The server cannot work on this request.
            TrailerflowError: A wrong key, a model that the server does not have, a server that does not start.
        """
        identity = self._identity(request)
        place = self._store.path(identity)
        if kept := self._store.read(place):
            return self._answer(kept, request, cached=True)
        if self._operation.mode == REPLAY:
            raise LaterError("the answer is not kept, and models.answers.mode is replay: nothing is asked")
        self._check_going()
        try:
            # Whoever asks the same at the same time, in this run or another, waits for this answer.
            with work_under(self._flight(place), lambda: self._store.read(place)) as work:
                kept = work.made or self._send(identity, partial(self._store.write, place, write=work.write))
        except OnlyThisLaterError:
            raise
        except LaterError as error:
            self._later = error
            raise
        return self._answer(kept, request, cached=work.made is not None)

    def prepare(self) -> None:
        """Do what takes long before the first request, so that forks of this process need not do it each."""
        if self._operation.mode != REPLAY:
            with suppress(TrailerflowError):  # it is told by `ask`, if anything is asked at all
                self._exchange.prepare()

    def place(self, request: Request) -> Path:
        """File that keeps a request's answer, there or not; its stem is the request's key."""
        return self._store.path(self._identity(request))

    def keeps(self, request: Request) -> bool:
        """Whether `ask` would answer a request by an answer that is kept."""
        return self._store.read(self.place(request)) is not None

    def _identity(self, request: Request) -> dict[str, Any]:
        """What an answer is kept by."""
        return {"provider": self.model.kind, "server": self._exchange.server, "body": self._body(request)}

    def _flight(self, place: Path) -> Path:
        """The lock of a request that is under way, by where its answer is to be kept."""
        return self._flights / f"{place.stem}.lock"

    def _answer(self, kept: KeptAnswer, request: Request, *, cached: bool) -> Answer:
        answer = parse_completion(kept.answer["completion"], kept.answer["seconds"])
        answer = replace(answer, cached=cached, kept=str(kept.path), run=self._operation.run)
        if answer.prompt_tokens and (answer.completion_tokens or not answer.text):
            return answer
        read, written = _size(request), len(answer.text.encode())
        return replace(
            answer,
            prompt_tokens=round(read / BYTES_PER_TOKEN),
            completion_tokens=round(written / BYTES_PER_TOKEN),
            estimated=True,
        )

    def _body(self, request: Request) -> dict[str, Any]:
        model = self.model
        body: dict[str, Any] = {
            "model": model.model,
            "messages": request.messages
            if model.system_role == "system"
            else _without_system(request.messages),
            model.longest_field: request.max_tokens + model.reasoning_tokens,
        }
        chosen = {
            "temperature": model.temperature,
            "seed": model.seed,
            "frequency_penalty": model.frequency_penalty,
        }
        if request.sample:
            drawn = {"temperature": SAMPLING_TEMPERATURE, "seed": (model.seed or 0) + request.sample}
            chosen |= {name: value for name, value in drawn.items() if chosen[name] is not None}
        body |= {name: value for name, value in chosen.items() if value is not None}
        if request.schema is not None and model.structured == "schema":
            schema = request.schema if model.is_embedded else portable_schema(request.schema)
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": schema},
            }
        elif request.schema is not None and model.structured == "json":
            body["response_format"] = {"type": "json_object"}
        if request.top_logprobs:
            most = model.top_logprobs or request.top_logprobs
            body |= {"logprobs": True, "top_logprobs": min(most, request.top_logprobs)}
        if model.reproducible:
            body["cache_prompt"] = (
                False  # what was read before leaves rounding differences in the next answer
            )
        body |= model.parameters
        removed = {name for name, value in model.parameters.items() if value is None}
        return {name: value for name, value in body.items() if name not in removed}

    def _send(self, identity: dict[str, Any], keep: Keep) -> KeptAnswer:
        """Send a request until it is answered, through pauses and faults that pass, and keep the answer.

        Args:
            identity: What is asked, and whom.
            keep: Keeps the answer.

        Raises:
            LaterError: They did not pass.
            RefusedError, TrailerflowError: See `ask`.
        """
        from trailerflow.llm.replies import (  # a kept answer does not need them
            PausedError,
            for_later,
            is_long,
        )

        faults = pauses = 0
        while True:
            try:
                return self._attempt(identity, keep)
            except TransientError as fault:
                if faults == len(PAUSES):
                    raise LaterError(
                        f"{fault}, {faults + 1} times", utc_time(time.time() + TROUBLE_SECONDS)
                    ) from None
                time.sleep(PAUSES[faults])
                faults += 1
            except PausedError as pause:
                pauses += 1
                if is_long(pause) or pauses > PAUSES_WAITED or self._account is None:
                    raise for_later(pause) from None

    def _attempt(self, identity: dict[str, Any], keep: Keep) -> KeptAnswer:
        from trailerflow.llm.replies import read_reply

        account = self._account
        if account is None:
            reply = self._exchange.send(identity["body"])
            return self._kept(identity, keep, read_reply(self.model, reply), reply.seconds)
        from trailerflow.llm.gate import Gate

        self._exchange.prepare()
        # What is set aside for a request stops others at a bound: then no more is set aside than the slots need. Without a
        # bound a slot is free as soon as its answer is there, and all else is done beside it.
        held, slots = (self._slots, None) if account.is_bounded else (nullcontext(), self._slots)
        with held:
            tokens, worst = account.set_aside(identity["body"])
            gate = Gate(slots, partial(self._turn, account, tokens, worst))
            try:
                reply = self._sent(account, gate, worst, identity["body"])
                document = self._read(account, gate.turn, worst, reply)
            finally:
                gate.leave()
            real = worst
            try:
                # The answer is kept before the accounts are corrected, so that a kill in between loses no answer.
                kept = self._kept(identity, keep, document, reply.seconds)
                real = account.cost(kept.answer["completion"], worst)
                return kept
            finally:
                account.close(gate.turn, worst, real, reply.headers)

    def _check_going(self) -> None:
        """Look whether anything more is to be sent.

        Raises:
            LaterError: One request was for later.
        """
        if self._later is not None:
            raise self._later

    def _turn(self, account: _Account, tokens: int, worst: Cost) -> Reservation:
        """Wait for a request's turn; where it is not to be sent, what was set aside is given back."""
        try:
            self._check_going()  # it may have waited
            return account.pace.take_turn(tokens)
        except LaterError:
            account.give_back(worst)
            raise

    def _sent(self, account: _Account, gate: Gate, worst: Cost, body: dict[str, Any]) -> Reply:
        """A hosted server's reply; where the request did not leave, it cost nothing."""
        try:
            return self._exchange.send(body, gate)
        except UnsentError:
            account.close(gate.turn, worst, Cost(), {})
            raise

    def _read(self, account: _Account, turn: Reservation, worst: Cost, reply: Reply) -> dict[str, Any]:
        """The document of a hosted server's good reply; after any other one the accounts are corrected.

        A pause is told to all while the slot is still held, so that nobody else sends anything before it.
        """
        from trailerflow.llm.replies import PausedError, read_reply

        try:
            return read_reply(self.model, reply)
        except Exception as fault:
            # What was answered with 200 may have been paid for even where it cannot be read, unless it is an error.
            is_free = reply.status != 200 or isinstance(fault, PausedError | TrailerflowError)
            if isinstance(fault, PausedError):
                account.pace.pause(fault.seconds, fault.reason)
            account.close(turn, worst, Cost() if is_free else worst, reply.headers)
            raise

    def _kept(
        self, identity: Mapping[str, Any], keep: Keep, document: dict[str, Any], seconds: float
    ) -> KeptAnswer:
        """Keep a completion that can be read, if the server saw the whole question."""
        from trailerflow.llm.replies import AGAIN, UnknownReplyError

        try:
            answer = parse_completion(document, seconds)
        except RefusedError as error:
            raise UnknownReplyError(error.reason) from None
        words = sum(len(message["content"].split()) for message in identity["body"]["messages"])
        if answer.prompt_tokens and words > CUT_WORDS and answer.prompt_tokens < CUT_SHARE * words:
            raise RefusedError(
                f"{self.model.name} read {answer.prompt_tokens} tokens of a question of {words} words: its server's "
                f"window is smaller than its context in models.llm, {self.model.context}; raise the one or lower the "
                f"other. {AGAIN}"
            )
        return keep(identity, {"seconds": seconds, "completion": document})


def _slots(model: LanguageModel) -> Slots:
    """The slots of a model, shared with the forks that ask it (`trailerflow.llm.many`)."""
    if processes_of(model.workers) == 1:
        return threading.BoundedSemaphore(model.slots)
    from trailerflow.llm.forks import FORKS

    return FORKS.BoundedSemaphore(model.slots)


def _size(request: Request) -> int:
    return sum(len(message["content"].encode()) for message in request.messages)


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same messages without a system turn: its words begin the first user's turn."""
    told = [message["content"] for message in messages if message["role"] == "system"]
    others = [dict(message) for message in messages if message["role"] != "system"]
    first = next((message for message in others if message["role"] == "user"), None)
    if first is not None:
        first["content"] = "\n\n".join([*told, first["content"]])
    return others


class _Account:
    """The limits and the budget that a hosted model's requests use up.

    Args:
        model: The model's settings.
        operation: The budget.
        cache: Folder that all hosts share.
    """

    def __init__(self, model: LanguageModel, operation: Operation, cache: Path) -> None:
        self._prices = model.prices
        budget = (operation.budget_usd, operation.budget_tokens)
        self.is_bounded = budget != (None, None) or model.limits != Limits()
        """Whether a budget or a limit is named."""
        self._longest = (
            model.context
        )  # where a null among `parameters` leaves an answer's length to the server
        self.pace = ModelPace(cache / "pace", model.account, model.limits, model.name)
        self._budget = Budget(cache / "budget.json", operation.budget_usd, operation.budget_tokens)

    def set_aside(self, body: Mapping[str, Any]) -> tuple[int, Cost]:
        """Set aside what a request may cost at worst.

        Returns:
            The tokens that it may take, by a guess, for `pace`; and the worst case.

        Raises:
            LaterError: The budget would be passed.
        """
        texts = [message["content"] for message in body["messages"]]
        size = sum(len(text.encode()) for text in texts)
        overhead = TOKENS_PER_MESSAGE * (len(texts) + 1)
        named = [
            body[name] for name in LONGEST_FIELDS if name in body
        ]  # `parameters` may name the other one too
        written = max(named, default=self._longest)
        # No tokenizer of these models makes more tokens than bytes: the budget is never passed.
        worst = self._cost(size + overhead, written)
        self._budget.set_aside(worst)
        return round(size / BYTES_PER_TOKEN) + overhead + written, worst

    def give_back(self, worst: Cost) -> None:
        """Take back what was set aside for a request that is not sent."""
        self._budget.settle(worst, Cost())

    def cost(self, document: Mapping[str, Any], worst: Cost) -> Cost:
        """What an answer cost: by the server's count of tokens, or the worst case where it does not count."""
        tokens = counted(document.get("usage"))
        return worst if tokens is None else self._cost(*tokens)

    def close(self, turn: Reservation, worst: Cost, real: Cost, headers: Mapping[str, str]) -> None:
        """Correct what was set aside, once the reply is there. A reply without an answer cost nothing."""
        self._budget.settle(worst, real)
        self.pace.settle(turn, real.tokens, headers)

    def _cost(self, read: int, written: int) -> Cost:
        return Cost(read + written, self._prices.cost(read, written) if self._prices else 0.0)

"""Reads ../Containerfile: its stages, and what each instruction says."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent / "Containerfile"


@dataclass(frozen=True)
class Instruction:
    """One instruction; `text` has no comments, and its continued lines are joined by spaces."""

    line: int
    word: str
    text: str

    @property
    def words(self):
        """`text` as a list: from JSON where it is JSON, and else split as a shell does."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)

    @property
    def options(self):
        """The options in front, such as `--from=build`, as a dictionary without the hyphens."""
        found = {}
        for word in self.text.split():
            if not word.startswith("--"):
                break
            name, _, value = word[2:].partition("=")
            found[name] = value
        return found

    @property
    def rest(self):
        """`text` without the options in front."""
        return re.sub(r"^(--\S+\s+)*", "", self.text)


@dataclass
class Stage:
    image: str
    name: str
    instructions: list = field(default_factory=list)

    def all(self, word):
        return [each for each in self.instructions if each.word == word]

    def last(self, word):
        """The last instruction of that word, which is the one that holds; or None."""
        return next(reversed(self.all(word)), None)


def instructions(text):
    """Comments are dropped, also between the lines of one instruction."""
    number, parts = None, []
    for line, content in enumerate(text.splitlines(), 1):
        content = content.strip()
        if not content or content.startswith("#"):
            continue
        number = number or line
        parts.append(content.removesuffix("\\").strip())
        if not content.endswith("\\"):
            word, _, rest = " ".join(parts).partition(" ")
            yield Instruction(number, word.upper(), rest.strip())
            number, parts = None, []
    if parts:
        raise ValueError(f"line {number}: the instruction is not complete")


def stages(path=PATH):
    """The stages in order. An `ARG` in front of the first is filled in where a `FROM` uses it."""
    arguments, found = {}, []
    for each in instructions(path.read_text()):
        if each.word == "ARG" and not found:
            name, _, value = each.text.partition("=")
            arguments[name] = value
        elif each.word == "FROM":
            words = re.sub(r"\$\{(\w+)\}", lambda name: arguments[name[1]], each.text).split()
            name = words[2] if len(words) == 3 and words[1].upper() == "AS" else ""
            found.append(Stage(words[0], name))
        elif found:
            found[-1].instructions.append(each)
        else:
            raise ValueError(f"line {each.line}: {each.word} stands before the first FROM")
    return found

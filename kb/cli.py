"""The command line, ``mipex-kb``: finds the command, and turns every error into one plain sentence."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import NoReturn

from kb import __version__
from kb.errors import KnowledgeBaseError, UsageError

#: Command -> what it does; each lives in ``kb.commands`` (``ui`` in ``tui.command``).
COMMANDS = {
    "evidence": "findings on a policy, as a table or a file",
    "synthesis": "what the findings on a policy add up to, and what that may not be read as",
    "brief": "a briefing on a policy, two to four pages: what was found, how sure it is, what is missing",
    "map": "how many studies there are where two dimensions cross, and where there is none",
    "studies": "all studies or those found, also as a reading list",
    "show": "one study whole",
    "basket": "findings and studies put aside under a name",
    "sparql": "any SPARQL query, or a named one",
    "export": "the whole collection for other programs: graph, tables, nanopublications, data package",
    "serve": "a SPARQL endpoint, and a page for every study and finding",
    "vocab": "the concepts: policies, outcomes, populations and so on",
    "add": "bring studies in from a BibTeX file",
    "code": "write findings of a study",
    "undo": "take the last addition or coding back",
    "init": "make a folder a collection of your own",
    "network": "who shares data, writes together and works on the same topics",
    "stats": "what the collection holds, and what is missing",
    "agreement": "how far two coders agree, and how many studies may be missing",
    "flow": "from records found to studies included, and where was searched",
    "check": "look for mistakes in studies and ontology",
    "build": "bring the store up to date",
    "push": "load or update a store elsewhere: any SPARQL 1.1 endpoint",
    "tui": "the terminal user interface (also what opens without a command)",
}
#: These read or write files, whatever endpoint is asked otherwise.
ON_FILES = ("add", "code", "undo", "init", "check", "build", "serve")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 problems found, 2 wrong usage."""
    if arguments is None:
        arguments = sys.argv[1:]
    try:
        return _run(arguments)
    except KnowledgeBaseError as error:
        _complain(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _complain("Stopped.")
        return 130
    except Exception as error:
        if os.environ.get("MIPEX_KB_DEBUG"):
            raise
        _complain(
            f"This should not have happened: {type(error).__name__}: {error}. "
            "Set MIPEX_KB_DEBUG=1 to see where, and report it with what you did."
        )
        return 1


def entry() -> NoReturn:
    """Run the command line and end the process at once: tidying up takes longer than a plain query."""
    import gc

    gc.set_threshold(100_000, 50, 50)
    try:
        code = main()
    except SystemExit as stop:  # the parser leaves so after --help and after a usage error
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
    os._exit(code)


def _run(arguments: list[str]) -> int:
    top = _top_parser()
    options, rest = top.parse_known_args(_leading(arguments))
    rest += arguments[len(_leading(arguments)) :]
    name = options.command or "tui"
    if name not in COMMANDS:
        from difflib import get_close_matches

        near = get_close_matches(name, COMMANDS, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Commands: {', '.join(COMMANDS)}."
        top.error(f"there is no command {name!r}. {hint}")
    module = import_module("tui.command" if name == "tui" else f"kb.commands.{name}")
    parser = Parser(
        prog=f"mipex-kb {name}", description=module.__doc__, epilog=module.EXAMPLE,
        formatter_class=Formatter,
    )  # fmt: skip
    module.arguments(parser)
    _collection_options(parser)
    own = parser.parse_args(rest)
    own.studies = (options.studies or []) + (own.studies or [])
    own.ontology = own.ontology or options.ontology
    own.endpoint = _endpoint(name, own.endpoint or options.endpoint)
    return int(module.run(own))


def _endpoint(command: str, named: str | None) -> str:
    """Return the endpoint to ask, empty where the files are asked."""
    if command not in ON_FILES:
        return named or os.environ.get("MIPEX_KB_ENDPOINT", "")
    if named:
        raise UsageError(
            f"{command} works on files, not on an endpoint. Leave --endpoint out; what the files hold then goes there "
            "with: mipex-kb push"
        )
    return ""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, found without the import of shutil."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns
        except (OSError, ValueError):
            width = 100
        super().__init__(prog, width=max(40, min(width, 120)) - 2)


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence that says what to do."""

    def error(self, message: str) -> NoReturn:
        """Print the error and leave with exit code 2."""
        end = "" if message.endswith((".", "?")) else "."
        _complain(f"{message[:1].upper()}{message[1:]}{end} See: {self.prog} --help")
        raise SystemExit(2)


def _leading(arguments: list[str]) -> list[str]:
    """Return the arguments up to and with the command; what follows belongs to the command's own parser."""
    position = 0
    while position < len(arguments):
        word = arguments[position]
        if not word.startswith("-"):
            return arguments[: position + 1]
        position += 2 if word in ("--studies", "--ontology", "--endpoint") else 1
    return arguments


def _top_parser() -> Parser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    parser = Parser(
        prog="mipex-kb",
        description="Evidence on migrant integration policies: what studies relate MIPEX scores to.",
        epilog=f"commands:\n{listing}\n\nexample:\n  mipex-kb evidence anti-discrimination\n\n"
        "Each command explains itself: mipex-kb COMMAND --help",
        formatter_class=Formatter,
    )
    parser.add_argument("command", nargs="?", metavar="COMMAND", help="what to do; without one the terminal UI opens")
    parser.add_argument("--version", action="version", version=f"mipex-kb {__version__}")
    _collection_options(parser)
    return parser


def _collection_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("collection")
    group.add_argument(
        "--studies", action="append", metavar="DIR", help="a folder of studies instead of the bundled one; repeatable"
    )
    group.add_argument("--ontology", metavar="DIR", help="a folder of schemes instead of the bundled one")
    group.add_argument(
        "--endpoint",
        metavar="URL",
        help="a SPARQL endpoint to ask instead of the files (docs/engines.md)",
    )


def _complain(text: str) -> None:
    from kb.output import note

    note(f"mipex-kb: {text}")


if __name__ == "__main__":
    entry()

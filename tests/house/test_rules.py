"""Rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PACKAGES = ("pos", "gate", "shared", "hardware")
LONGEST_FILE = 300
LONGEST_FUNCTION = 50

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*folders: str) -> Iterator[Path]:
    """List the Python files below some folders of the house."""
    for folder in folders:
        yield from sorted((HOUSE / folder).rglob("*.py"))


def place(path: Path, line: int) -> str:
    """Name a line as an editor can open it."""
    return f"{path.relative_to(HOUSE)}:{line}"


def length(function: Function) -> int:
    """Count a function's lines, its decorators and its docstring left out."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        assert docstring.end_lineno is not None
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def test_only_shared_makes_database_engines() -> None:
    found = [
        place(path, number)
        for path in sources("pos", "gate", "hardware")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\b(create_engine|create_async_engine|engine_from_config)\b", line)
    ]
    assert found == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = [place(path, count) for path in sources(*PACKAGES) if (count := path.read_text().count("\n")) > LONGEST_FILE]
    assert long == []


def test_no_function_is_longer_than_a_screen() -> None:
    """A migration is no function but a list of tables."""
    long = [
        f"{place(path, node.lineno)} {node.name}: {length(node)} lines"
        for path in sources(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, Function) and length(node) > LONGEST_FUNCTION and path.parent.name != "versions"
    ]
    assert long == []


def test_every_exception_from_a_lint_rule_gives_its_reason() -> None:
    excused = re.compile(r"#\s*noqa(?!: [A-Z0-9, ]+ - \w)")
    bare = [
        place(path, number)
        for path in sources(*PACKAGES, "tests")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if excused.search(line) and path != Path(__file__)
    ]
    assert bare == []


def test_every_ignored_lint_rule_gives_its_reason() -> None:
    settings = (HOUSE / "pyproject.toml").read_text()
    rules = re.findall(r'^    "[A-Z]+\d*",.*$', settings, re.MULTILINE)
    assert rules
    assert [rule for rule in rules if not re.search(r"# \w", rule)] == []

"""The shape of the code: who may import whom, what stays behind which fence, how large things may grow."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "wire"

#: Lowest first. Imports run downwards only; parts of one level stand apart from each other.
LEVELS: tuple[frozenset[str], ...] = tuple(
    frozenset(level.split())
    for level in (
        "errors",
        "story",
        "ports iptc xmltools storyjson",
        "common",
        "plugins observe",
        "config",
        "inbox parse normalise desk store publish deliver web",
        "flow",
        "operate",
        "from_settings",
        "pipeline",
        "orders",
        "desk_page",
        "app",
        "daemon",
        "cli",
        "__main__",
    )
)

#: Which parts alone may import a library.
FENCES = {
    "requests": "deliver",
    "urllib3": "deliver",
    "ftplib": "deliver",
    "smtplib": "deliver",
    "paramiko": "deliver",
    "fsspec": "deliver",
    "feedgen": "publish",
    "apscheduler": "daemon",
    "sqlalchemy": "store",
    "alembic": "store",
    "lxml": "xmltools parse normalise publish",
    "starlette": "web",
    "uvicorn": "web",
    "httptools": "web deliver",
    "brotli": "common",
    "backports": "common",
    "jinja2": "publish web",
    "nh3": "xmltools normalise",
    "ahocorasick_rs": "parse normalise",
    "watchfiles": "inbox",
    "standardwebhooks": "deliver",
    "click": "cli",
    "wcwidth": "cli",
    "structlog": "observe",
    "pydantic": "config",
    "opentelemetry": "operate",
}

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
STATEMENTS = (ast.stmt, ast.ExceptHandler, ast.match_case)  #: what an import may stand in
BRANCHES = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp),
    *(ast.With, ast.AsyncWith, ast.Assert, ast.comprehension, ast.match_case),
)
LONGEST_FUNCTION, LONG_FUNCTION, LONGEST_MODULE, MOST_COMPLEX = 80, 40, 499, 14


@dataclass(frozen=True)
class Function:
    """A function or method of the package."""

    where: str  #: ``path:line name``
    node: ast.FunctionDef | ast.AsyncFunctionDef
    public: bool
    method: bool

    @property
    def lines(self) -> int:
        """From ``def`` to the last statement."""
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    @property
    def complexity(self) -> int:
        """One, and one for each way to branch; functions within count for themselves."""
        score, inside = 1, list(ast.iter_child_nodes(self.node))
        while inside:
            node = inside.pop()
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                continue
            score += len(node.values) - 1 if isinstance(node, ast.BoolOp) else isinstance(node, BRANCHES)
            inside.extend(ast.iter_child_nodes(node))
        return score


@dataclass(frozen=True)
class Module:
    """A module of the package, read but not run."""

    path: Path

    @property
    def name(self) -> str:
        """Such as ``wire.store.delivery_queue``."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def part(self) -> str:
        """The part of the package it belongs to: ``store`` for ``wire.store.delivery_queue``."""
        return [*self.name.split("."), ""][1]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def imports(self, *, at_import: bool = False) -> Iterator[tuple[int, str]]:
        """Line and dotted name of everything imported; with ``at_import`` only what importing it runs."""
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            if at_import and (isinstance(node, FUNCTIONS) or _is_for_types(node)):
                continue
            waiting.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, STATEMENTS))
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.path}:{node.lineno}: relative import"
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def functions(self) -> Iterator[Function]:
        yield from self._functions(self.tree, "", public=True, method=False)

    def _functions(self, node: ast.AST, prefix: str, *, public: bool, method: bool) -> Iterator[Function]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (*FUNCTIONS, ast.ClassDef)):
                name, shown = f"{prefix}{child.name}", public and not child.name.startswith("_")
                if isinstance(child, FUNCTIONS):
                    yield Function(
                        f"{self.path.relative_to(ROOT)}:{child.lineno} {name}", child, shown, method
                    )
                    shown = False
                is_class = isinstance(child, ast.ClassDef)
                yield from self._functions(child, f"{name}.", public=shown, method=is_class)
            else:
                yield from self._functions(child, prefix, public=public, method=method)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
#: Migrations are records of what was done once: they do not grow and are not read like code.
RECORDS = PACKAGE / "store" / "migrations" / "versions"
NAMES = {module.name for module in MODULES}


@pytest.fixture(scope="module")
def functions() -> list[Function]:
    """Every function of the package, records aside."""
    read = (module for module in MODULES if RECORDS not in module.path.parents)
    return [function for module in read for function in module.functions()]


def known(name: str) -> str | None:
    """The module of ours that an imported name lies in."""
    if name in NAMES:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in NAMES else None


def level_of(part: str) -> int:
    """How high a part stands."""
    return next(height for height, parts in enumerate(LEVELS) if part in parts)


def test_every_part_has_its_level() -> None:
    parts = {module.part for module in MODULES} - {""}
    assert parts <= frozenset().union(*LEVELS), "say in LEVELS how high a new part stands"


def test_imports_run_downwards_only() -> None:
    offences = [
        f"{module.path.relative_to(ROOT)}:{line} imports {name}"
        for module in MODULES
        for line, name in module.imports()
        if (target := known(name)) and target != "wire"
        for part in [target.split(".")[1]]
        if module.part and part != module.part and level_of(part) >= level_of(module.part)
    ]
    assert not offences, "\n".join(offences)


def test_libraries_stay_behind_their_fences() -> None:
    offences = [
        f"{module.path.relative_to(ROOT)}:{line} imports {name}"
        for module in MODULES
        for line, name in module.imports()
        if (fence := FENCES.get(name.split(".")[0])) and module.part not in fence.split()
    ]
    assert not offences, "\n".join(offences)


def test_no_imports_run_in_circles() -> None:
    graph = {
        module.name: {target for _, name in module.imports(at_import=True) if (target := known(name))}
        - {module.name}
        for module in MODULES
    }
    settled: set[str] = set()
    while ready := {name for name, needs in graph.items() if name not in settled and needs <= settled}:
        settled |= ready
    assert settled == set(graph), f"in a circle: {sorted(set(graph) - settled)}"


def test_no_module_takes_a_name_of_the_standard_library() -> None:
    taken = [
        str(module.path.relative_to(ROOT))
        for module in MODULES
        if module.path.stem in sys.stdlib_module_names
    ]
    assert not taken


def test_functions_are_short(functions: list[Function]) -> None:
    too_long = [
        f"{function.where}: {function.lines}" for function in functions if function.lines > LONGEST_FUNCTION
    ]
    assert not too_long, "\n".join(too_long)
    long = [function for function in functions if function.lines > LONG_FUNCTION]
    assert len(long) <= 0.05 * len(functions), "\n".join(function.where for function in long)


def test_modules_are_short() -> None:
    too_long = [
        f"{module.name}: {lines}"
        for module in MODULES
        if (lines := len(module.text.splitlines())) > LONGEST_MODULE
    ]
    assert not too_long, "\n".join(too_long)


def test_functions_are_simple(functions: list[Function]) -> None:
    complex_ones = [
        f"{function.where}: {function.complexity}"
        for function in functions
        if function.complexity > MOST_COMPLEX
    ]
    assert not complex_ones, "\n".join(complex_ones)


def test_everything_is_typed(functions: list[Function]) -> None:
    untyped = []
    for function in functions:
        arguments = function.node.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        if function.method and named and named[0].arg in {"self", "cls"}:
            named = named[1:]
        named += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
        if function.node.returns is None or any(argument.annotation is None for argument in named):
            untyped.append(function.where)
    assert not untyped, "\n".join(untyped)


def test_everything_public_is_documented(functions: list[Function]) -> None:
    bare = [
        function.where for function in functions if function.public and not ast.get_docstring(function.node)
    ]
    for module in MODULES:
        if not ast.get_docstring(module.tree):
            bare.append(module.name)
        bare += [
            f"{module.name}.{node.name}"
            for node in module.tree.body
            if isinstance(node, ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert not bare, "\n".join(bare)


def test_a_package_that_lists_its_modules_lists_all_of_them() -> None:
    unlisted = []
    for package in (module for module in MODULES if module.path.name == "__init__.py"):
        contents = set(re.findall(r"``(\w+)\.py``", ast.get_docstring(package.tree) or ""))
        beside = {path.stem for path in package.path.parent.glob("*.py")} - {"__init__"}
        if contents and contents != beside:
            unlisted.append(f"{package.name}: {sorted(contents ^ beside)}")
    assert not unlisted, "\n".join(unlisted)


def test_no_broad_except_passes_silently() -> None:
    silent = [
        f"{module.path.relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
        and all(isinstance(statement, (ast.Pass, ast.Continue)) for statement in node.body)
    ]
    assert not silent


def test_no_global_is_changed() -> None:
    changed = [
        f"{module.path.relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Global)
    ]
    assert not changed


@pytest.mark.parametrize("pattern", ["*.py", "*.toml", "*.lock", "*.md", "Makefile", ".ci/run"])
def test_no_file_names_a_path_of_some_machine(pattern: str) -> None:
    workplace = str(ROOT.parent)
    if workplace == "/":
        pytest.skip("the checkout lies at the top of the file system")
    named = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob(pattern)
        if not {".venv", "var", "inbox", "outbox", ".git"} & set(path.relative_to(ROOT).parts)
        and f"{workplace}/" in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert not named


def test_the_locks_name_hashes_but_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert "--index" not in text and "--find-links" not in text, name
        assert text.count("--hash=sha256:") >= text.count("=="), name


def test_no_library_brings_rich() -> None:
    """structlog loads it wherever it is installed: a tenth of a second and four megabytes of every start."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "\nrich==" not in (ROOT / name).read_text(encoding="utf-8"), name


def test_the_given_libraries_are_locked_at_the_versions_that_wire_needs() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {
        line.split("==")[0]: line.split("==")[1].split()[0] for line in lock.splitlines() if "==" in line
    }
    for name, least in {
        "feedgen": (1, 0),
        "apscheduler": (3, 11),
        "lxml": (6, 1),
        "requests": (2, 33),
    }.items():
        assert tuple(int(part) for part in locked[name].split(".")[:2]) >= least, name


def test_no_conflict_was_committed() -> None:
    texts = (
        path
        for name in ("wire", "docs", "tests", "bench", "tools")
        for path in (ROOT / name).rglob("*.[pm][yd]")
    )
    marked = [path for path in texts if re.search(r"^(<{7}|>{7}) ", path.read_text(encoding="utf-8"), re.M)]
    assert marked == []

"""The rules of the house: who may import whom, who reads the environment, where words stand."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import ROOT

PACKAGES = [
    name
    for name in ("admin", "bot", "channels", "actions", "nlu", "knowledge", "core")
    if (ROOT / name).is_dir()
]
#: What the pure parts stand apart from; they are heavy, and their tests start in a blink.
HEAVY = ("rasa", "rasa_sdk", "sanic", "tensorflow")
READERS = ("environ", "environb", "getenv", "getenvb")
HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def tracked():
    """Every file that git tracks, or would track after an add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = (Path(name) for name in sorted(set(listed.stdout.split("\0"))) if name)
    return [path for path in paths if (ROOT / path).is_file()]


def sources(*packages):
    """The Python files of the packages, relative to the checkout."""
    return [
        path.relative_to(ROOT)
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def tree(path):
    return ast.parse((ROOT / path).read_text(), str(path))


def test_imports_run_downwards_only():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", done.stdout)


def test_the_import_rules_cover_every_package():
    text = (ROOT / "pyproject.toml").read_text()
    roots = re.search(r"^root_packages = \[(.*)\]$", text, re.M)[1]
    layers = re.search(r"^layers = \[(.*)\]$", text, re.M)[1]
    for package in PACKAGES:
        assert f'"{package}"' in roots
        assert f'"{package}"' in layers


def pure_modules():
    paths = sources("core", "knowledge", "nlu/text", "nlu/retrieval")
    names = ("model.py", "store.py", "service.py", "delivery.py")
    paths += [path for path in sources("actions", "channels", "nlu") if path.name.endswith(names)]
    paths += [
        path
        for path in sources("actions/appointments", "actions/identity")
        if path.name != "actions.py"
    ]
    dotted = [
        ".".join(path.with_suffix("").parts) for path in paths if "migrations" not in path.parts
    ]
    return [name.removesuffix(".__init__") for name in dotted]


def test_the_pure_parts_load_without_rasa_sanic_and_tensorflow():
    modules = pure_modules()
    assert {"core.settings", "knowledge.compose", "nlu.text.language"} <= set(modules)
    assert heavy_after_importing(modules) == ""


def test_the_worker_loads_without_rasa_sanic_and_tensorflow():
    assert heavy_after_importing(["bot.worker", "bot.worker_wiring"]) == ""
    assert heavy_after_importing(["sanic"]) == "sanic"  # it would be seen


def heavy_after_importing(modules):
    """The heavy packages that a fresh process has loaded after it imported these modules."""
    code = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        f"print(*sorted({set(HEAVY)!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def environment_uses(path):
    """(line, whether it only writes) of every use of the process's environment in a source."""
    parents = {child: node for node in ast.walk(tree(path)) for child in ast.iter_child_nodes(node)}
    for node in parents:
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from ((node.lineno, False) for alias in node.names if alias.name in READERS)
        elif (
            isinstance(node, ast.Attribute)
            and node.attr in READERS
            and isinstance(node.value, ast.Name)
            and node.value.id == "os"
        ):
            yield node.lineno, node.attr == "environ" and _writes(node, parents)


def _writes(node, parents):
    above = parents[node]
    if isinstance(above, ast.Subscript):
        return isinstance(above.ctx, (ast.Store, ast.Del))
    called = parents[above] if isinstance(above, ast.Attribute) else None
    return (
        isinstance(called, ast.Call)
        and above.attr in ("setdefault", "update")
        and isinstance(parents[called], ast.Expr)  # what it returns is not looked at
    )


def test_the_environment_is_read_in_the_settings_alone():
    found = [
        f"{path}:{line}"
        for path in sources(*PACKAGES)
        if str(path) != "core/settings.py"
        for line, only_writes in environment_uses(path)
        if not (only_writes and str(path) == "bot/environment.py")
    ]
    assert found == []
    assert list(environment_uses(Path("core/settings.py")))


@pytest.mark.parametrize(
    "code, only_writes",
    [
        ("import os\nos.environ['A'] = '1'", [True]),
        ("import os\nos.environ.setdefault('A', '1')", [True]),
        ("import os\na = os.environ.setdefault('A', '1')", [False]),
        ("import os\na = os.environ['A']", [False]),
        ("import os\nos.environ.get('A')", [False]),
        ("import os\nos.getenv('A')", [False]),
        ("import os\ndict(os.environ)", [False]),
        ("from os import environ", [False]),
        ("import os\nos.getpid()", []),
    ],
)
def test_reading_the_environment_is_recognised(tmp_path, code, only_writes):
    path = tmp_path / "a.py"
    path.write_text(code)
    assert [writes for _, writes in environment_uses(path)] == only_writes


def words_in_code(path):
    """The string literals with Chinese in a source, docstrings apart."""
    root = tree(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(root)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(root)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and HAN.search(node.value)
    ]


def test_what_people_read_stands_in_the_knowledge_and_not_in_code():
    outward = [name for name in ("actions", "bot", "channels", "admin") if name in PACKAGES]
    found = [
        f"{path}:{line}: {text[:40]}"
        for path in sources(*outward)
        for line, text in words_in_code(path)
    ]
    assert found == []


def test_no_source_file_is_over_250_lines():
    long = [
        f"{path}: {lines}"
        for path in tracked()
        if path.suffix in (".py", ".js", ".css", ".sh") and path.parts[0] in (*PACKAGES, "scripts")
        and (lines := len((ROOT / path).read_text().splitlines())) > 250
    ]  # fmt: skip
    assert long == []


def test_no_tracked_file_names_a_package_registry():
    # in pieces, so that this file is none that names them
    hosts = [
        ("py", "pi.org"), ("python", "hosted.org"), ("npm", "js.org"), ("npm", "js.com"),
        ("npm", "mirror.com"), ("yarn", "pkg.com"), ("tuna.tsing", "hua.edu.cn"), ("crates", ".io"),
        ("mirrors.ali", "yun.com"), ("mirrors.ten", "cent"), ("mirrors.us", "tc.edu.cn"),
        ("douban", "io.com"), ("ana", "conda.org"), ("proxy.go", "lang.org"), ("ruby", "gems.org"),
        ("deb.de", "bian.org"), ("index", "-url ="), ("extra-index", "-url "),
    ]  # fmt: skip
    names = re.compile("|".join(re.escape(head + tail) for head, tail in hosts).encode())
    found = [
        f"{path}: {match[0].decode()}"
        for path in tracked()
        if (match := names.search((ROOT / path).read_bytes()))
    ]
    assert found == []


def test_the_lock_file_has_a_hash_for_every_package():
    text = (ROOT / "requirements.lock").read_text()
    packages = re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==\S+(.*)$", text, re.M)
    assert len(packages) > 100
    assert text.count("--hash=sha256:") >= len(packages)
    assert [name for name, rest in packages if not rest.endswith("\\")] == []
    assert "://" not in text

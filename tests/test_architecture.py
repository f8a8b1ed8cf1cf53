"""Checks of the architecture: import order, layers, sizes, and who may write what."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import (
    APPS,
    INLINE,
    ROOT,
    Source,
    calls_at_import,
    code,
    cycles,
    dependencies,
    sources,
    status_writes,
    templates,
    words_of_the_project,
)

# Rooms of shadowing by capability: a room imports those before it. Inside a room the layers below hold.
ROOMS = ("enums", "models", "rules", "mail", "offers", "reflections", "requests", "placements", "privacy")
ABOVE_ROOMS = {"admin", "apps", "registration", "templatetags", "urls"}
# Inside an app or a room a module imports its own layer or lower ones only. A new module gets its layer here.
LAYERS = {
    0: "enums days local_times apps free_text search_text shortening display_names constraints mail_styles "
    "mail_text compiled_queries append_only",
    1: "models",
    2: "policies emails code_addresses link_tokens receiving clocks outbox waiting mail_context "
    "hr_corrections mailbox deadlines identity digests preferences metrics self_granting delays "
    "claims smtp_errors bad_input heartbeats schema safe_csv audit sign_in namesakes mail_visibility "
    "mail_sender merging collecting example_mails search feeds filters open_to sharing encryption "
    "reassignment_options",
    3: "workflow batch delivery deputies exports protection erasure data_export retention sender "
    "staff_changes due",
    4: "tasks management imports",
    5: "forms",
    6: "pages",
    7: "views urls admin api middleware adapters context templatetags sso registration",
}
LAYER_OF = {name: layer for layer, names in LAYERS.items() for name in names.split()}
FLAT = {"demo", *(f"shadowing.{room}" for room in ("models", "rules", "mail", "privacy"))}  # no layers inside
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
LONGEST_TASK = 15
# Templates Django, allauth and crispy look up by name, and mails, named after their event in Python.
NAMED_ELSEWHERE = (
    "account/",
    "mfa/",
    "socialaccount/",
    "usersessions/",
    "allauth/",
    "admin/",
    "bootstrap5/",
    "registration/",
)
ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}


def room(module: str) -> int:
    """Return the order of a module's package in shadowing; modules that use all packages come last."""
    name = module.split(".")[1] if "." in module else "enums"
    assert name in ROOMS or name in ABOVE_ROOMS, f"{module}: name its room in tests/test_architecture.py"
    return ROOMS.index(name) if name in ROOMS else len(ROOMS)


def layered(module: str) -> tuple[str, str]:
    """Return the app or package of a module, and its name inside."""
    parts = module.split(".")
    inside = 2 if parts[0] == "shadowing" and len(parts) > 1 and parts[1] in ROOMS else 1
    return ".".join(parts[:inside]), parts[inside] if len(parts) > inside else "enums"


def layer(module: str) -> int:
    """Return the layer of a module in its app or package; the package itself is the empty name."""
    where, name = layered(module)
    if where in FLAT:
        return 0
    assert name in LAYER_OF, f"{module}: give “{name}” a layer in tests/test_architecture.py"
    return LAYER_OF[name]


def test_apps_import_only_those_below_them() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, found in dependencies().items()
        for imported in found
        if module.split(".")[0] in APPS
        and (
            imported.split(".")[0] == "config"
            or APPS.index(imported.split(".")[0]) > APPS.index(module.split(".")[0])
        )
    ]
    assert not wrong, wrong


def test_config_imports_no_app() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, found in dependencies().items()
        for imported in found
        if module.split(".")[0] == "config" and imported.split(".")[0] in APPS
    ]
    assert not wrong, wrong


def test_modules_import_only_downwards_inside_their_app() -> None:
    wrong = [
        f"{module} (layer {layer(module)}) imports {imported} (layer {layer(imported)})"
        for module, found in dependencies().items()
        for imported in found
        if layered(module)[0] == layered(imported)[0]
        and module.split(".")[0] in APPS
        and layer(imported) > layer(module)
    ]
    assert not wrong, wrong


def test_packages_import_only_those_before_them() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, found in dependencies().items()
        for imported in found
        if module.startswith("shadowing.") and imported.startswith("shadowing.")
        if room(imported) > room(module)
    ]
    assert not wrong, wrong


def test_home_and_coordination_do_not_import_each_other() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, found in dependencies().items()
        for imported in found
        if {module.split(".")[0], imported.split(".")[0]} == {"coordination", "home"}
    ]
    assert not wrong, wrong


def test_every_module_has_a_layer() -> None:
    for file in sources(*APPS):
        layer(file.module)


def test_imports_make_no_cycle() -> None:
    assert not cycles(dependencies())


def test_imports_are_at_module_top() -> None:
    lazy = [
        f"{file.name}:{node.lineno}"
        for file in [*code(), *sources("tools")]
        for function in file.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not lazy, lazy


def test_files_are_short() -> None:
    long = {
        file.name: lines
        for file in [*code(), *sources("tools", "tests")]
        if (lines := len(file.text.splitlines())) >= LONGEST_FILE
    }
    assert not long, long


def test_functions_are_short() -> None:
    long = {
        f"{file.name}:{function.name}": length
        for file in [*code(), *sources("tools")]
        for function in file.functions()
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long, long


def test_tasks_are_thin() -> None:
    long = {
        f"{file.name}:{function.name}": length
        for file in sources(*APPS)
        if file.path.name == "tasks.py"
        for function in file.functions()
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_TASK
    }
    assert not long, long


def test_importing_a_module_registers_nothing() -> None:
    """``ready`` registers by an explicit call; exempt are Django's registries and data protection rules."""
    exempt = {"admin", "templatetags", "urls", "lookups", "apps", "data_export", "erasure", "retention"}
    files = [file for file in sources(*APPS) if exempt.isdisjoint(file.module.split("."))]
    wrong = [f"{file.name}:{line}" for file in files for line in calls_at_import(file)]
    assert not wrong, wrong


def test_settings_overrides_are_short() -> None:
    for name in ("dev", "test", "production", "chosen"):
        assert len((ROOT / f"config/settings/{name}.py").read_text().splitlines()) < 40, name


def test_one_module_sends_mail() -> None:
    senders = {file.module for file in code() if re.search(r"\bdjango\.core(\.| import )mail\b", file.text)}
    assert senders <= {"messaging.delivery"}, senders


def test_only_the_workflow_writes_a_status() -> None:
    """The outbox is exempt: a message has no workflow, and the outbox writes its status."""
    writers = {file.module for file in sources(*APPS) if any(status_writes(file))}
    outbox = {"messaging.claims", "messaging.merging", "messaging.outbox"}
    assert writers <= {"accounts.workflow", *outbox}, writers


def test_environment_is_read_in_one_place() -> None:
    allowed = {"config.settings.base", "config.settings.test", "config.startup"}
    readers = {file.module for file in code() if re.search(r"\bos\.(environ|getenv)\b", file.text)}
    assert readers <= allowed, readers


@pytest.mark.parametrize("mark", ["noqa", "type: ignore", "pragma: no cover"])
def test_every_suppression_has_a_reason(mark: str) -> None:
    bare = [
        f"{file.name}:{number}"
        for file in [*code(), *sources("tools", "tests")]
        for number, line in enumerate(file.text.splitlines(), start=1)
        if re.search(rf"# {mark}", line) and not re.search(rf"# {mark}[^#]*# \S+", line)
    ]
    assert not bare, bare


def test_no_exception_is_swallowed_in_silence() -> None:
    silent = [
        f"{file.name}:{node.lineno}"
        for file in code()
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(inside, ast.Pass) for inside in node.body)
    ]
    assert not silent, silent


def test_templates_hold_no_inline_script_or_style() -> None:
    """Mails are exempt: their styles are inlined on purpose."""
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in templates()
        if path.suffix in {".html", ".svg"} and "emails" not in path.parts and "email" not in path.parts
        for found in [INLINE.search(path.read_text())]
        if found
    ]
    assert not wrong, wrong


def test_pages_load_nothing_from_elsewhere() -> None:
    loading = re.compile(r"(src|srcset)=[\"'](https?:)?//|<link[^>]+href=[\"'](https?:)?//", re.IGNORECASE)
    wrong = [str(path.relative_to(ROOT)) for path in templates() if loading.search(path.read_text())]
    assert not wrong, wrong


def test_every_template_is_used() -> None:
    words = words_of_the_project()
    unused = []
    for path in templates():
        name = str(path).rpartition("/templates/")[2]
        if name.startswith(NAMED_ELSEWHERE) or name in ERROR_PAGES:
            continue
        event = path.name.partition("_to_")[0] + "_to_"  # one call may tell several recipients
        if name not in words and not (name.startswith("emails/") and event in words):
            unused.append(name)
    assert not unused, unused


def test_comments_are_not_left_to_do_later() -> None:
    mark = re.compile(r"#\s*(TODO|FIXME|XXX)\b")
    wrong = [file.name for file in [*code(), *sources("tools", "tests")] if mark.search(file.text)]
    assert not wrong, wrong


def test_checks_detect_what_they_forbid(tmp_path: Path) -> None:
    """A check that never matches would always pass."""
    planted = tmp_path / "planted.py"
    planted.write_text("a.status = 1\nb.update(status=2)")
    assert list(status_writes(Source(planted))) == [1, 2]
    for text in ("a.append(b)", "register(b)", "@a.register\ndef b(): ...", "b = register(c)", "a += [b]"):
        planted.write_text(text)
        assert list(calls_at_import(Source(planted))), text
    assert cycles({"a": {"b"}, "b": {"a"}, "c": set()}) == [["a", "b"]]
    for inline in ('<p style="x">', "<script>", '<a onclick="x">', "<style>", "javascript:"):
        assert INLINE.search(inline), inline
    assert not INLINE.search('<script src="x.js"></script>')

"""Only constants are trusted as markup, in templates, in code and in widgets of libraries."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.admin.helpers import AdminField
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from config.context import htmx_key
from tests.architecture import APPS, ROOT, code, sources
from tests.trust import compiled, foreign_templates, in_python, in_template, own_templates

MARKUP = "<b hx-get='/x' hx-trigger='load'>{{ 7|add:7 }} & {0}</b>"
# Drawn by libraries from what they have rendered (and escaped) themselves.
RENDERED = {"fields|safe", "fields_output|safe", "buttons|safe", "links|safe"}
# Templates of libraries that no page of ours reaches: the names that would draw them are refused in code.
UNUSED = {
    "bootstrap5/layout/button.html",
    "bootstrap5/layout/alert.html",
    "bootstrap5/layout/tab.html",
    "bootstrap5/accordion.html",
}
UNUSED_NAMES = re.compile(r"\b(StrictButton|Alert|Tab|TabHolder|Accordion|FieldWithButtons|Modal)\(")
# Hints of forms: config/forms.py has escaped them before; the other is a constant of an admin class.
ESCAPED_BEFORE = re.compile(r"^[\w.]*help_text\|safe$|^fieldset\.description\|safe$")
TEXT_OF_DJANGO = {"registration/password_reset_email.html"}  # the text of a mail, by its name


def test_code_trusts_constants_alone() -> None:
    found = [f"{file.name}:{line}: {what}" for file in code() for line, what in in_python(file.tree)]
    assert not found, found


@pytest.mark.parametrize(
    "line",
    [
        "mark_safe(name)",
        "mark_safe(f'<b>{name}</b>')",
        "mark_safe('<b>%s</b>' % name)",
        "html.mark_safe(name)",
        "format_html(words)",
        "format_html('<b>' + name)",
        "format_html_join(words, '{}', rows)",
        "SafeString(name)",
        "list(map(mark_safe, names))",
        "def __html__(self): return self.name",
        "HTML(words)",
        "Fieldset(name, 'field')",
        "Template(words)",
        "engine.from_string(words)",
        "register.filter(is_safe=True)",
        "Context(given, autoescape=False)",
        "WORDS = 'a'\nWORDS = name\nmark_safe(WORDS)",
    ],
)
def test_code_that_trusts_markup_is_detected(line: str) -> None:
    assert list(in_python(ast.parse(line))), line


@pytest.mark.parametrize(
    "line",
    [
        "mark_safe('<b>x</b>')",
        "format_html('<b>{}</b>', name)",
        "BOLD = '<b>{}</b>'\nformat_html(BOLD, name)",
        "format_html_join('', '<li>{}</li>', rows)",
        "def icon(name: str) -> SafeString: ...",
    ],
)
def test_constants_are_allowed(line: str) -> None:
    assert not list(in_python(ast.parse(line))), line


def test_templates_trust_nothing() -> None:
    """Plain texts are exempt: only they switch escaping off, because they are not markup."""
    found = {name: in_template(template) for name, template in own_templates()}
    faults = {name: what for name, what in found.items() if what and not name.endswith(".txt")}
    assert not faults
    assert {each for what in found.values() for each in what} <= {"autoescape off"}


@pytest.mark.parametrize(
    "text",
    [
        "{{ name|safe }}",
        "{{ names|safeseq|join:', ' }}",
        "{% if a %}{% for b in c %}{{ b.name|upper|safe }}{% endfor %}{% endif %}",
        "{% with words=name|safe %}{{ words }}{% endwith %}",
        "{% filter upper|safeseq %}{{ name }}{% endfilter %}",
        "{% autoescape off %}{{ name }}{% endautoescape %}",
        "{% include 'components/page_head.html' with title=name|safe %}",
        "{% firstof name|safe 'x' %}",
        "{% if name|safe == 'x' %}{% endif %}",
        "{% extends 'base.html' %}{% block content %}{{ name|safe }}{% endblock content %}",
        "{% load icons %}{% icon name|safe %}",
    ],
)
def test_template_that_trusts_markup_is_detected(text: str) -> None:
    assert in_template(compiled(text)), text


def test_templates_of_libraries_trust_what_is_escaped_before() -> None:
    faults = {
        f"{name}: {what}"
        for name, template in foreign_templates()
        for what in in_template(template)
        if what not in RENDERED and not ESCAPED_BEFORE.match(what) and name not in UNUSED | TEXT_OF_DJANGO
    }
    assert not faults


def test_unused_templates_of_libraries_stay_unused() -> None:
    used = [file.name for file in sources(*APPS, "config") if UNUSED_NAMES.search(file.text)]
    assert not used


class Hinted(forms.Form):
    line = forms.CharField(label=MARKUP, help_text=MARKUP)
    tick = forms.BooleanField(label=MARKUP, help_text=MARKUP)
    one = forms.ChoiceField(
        label=MARKUP, help_text=MARKUP, choices=[(MARKUP, MARKUP), ("x", "x")], widget=forms.RadioSelect
    )
    select = forms.ChoiceField(label=MARKUP, help_text=MARKUP, choices=[(MARKUP, MARKUP)])
    many = forms.MultipleChoiceField(
        label=MARKUP, choices=[(MARKUP, [(MARKUP, MARKUP)])], widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> None:
        self.add_error("line", MARKUP)
        self.add_error(None, MARKUP)


@pytest.mark.parametrize("given", [None, {}, {"line": MARKUP, "one": MARKUP, "select": MARKUP}])
def test_form_escapes_words(given: dict[str, str] | None) -> None:
    form = Hinted(given)
    drawn = [
        render_to_string("components/form.html", {"form": form}),
        str(form.as_p()),
        str(form.as_div()),
        str(form),
    ]
    for page in drawn:
        assert "<b hx-get" not in page
        assert "14" not in page
        assert "&lt;b hx-get" in page
        assert "&amp;amp;" not in page


def test_hint_in_the_administration_is_escaped() -> None:
    """Django's page marks it safe: it takes it from the field, where it is escaped already."""
    field = AdminField(Hinted(), "line", is_first=True).field  # type: ignore[arg-type]  # any form does
    assert "<b" not in str(field.help_text)


def test_constant_marked_safe_stays_markup() -> None:
    class Marked(forms.Form):
        line = forms.CharField(help_text=mark_safe("<ul><li>Ten letters.</li></ul>"))

    assert "<ul><li>Ten letters.</li></ul>" in render_to_string("components/form.html", {"form": Marked()})


def htmx_config() -> dict[str, object]:
    page = render_to_string("base.html", {"HTMX_KEY": "k1"})
    found = re.search(r"<meta name=\"htmx-config\" content='([^']+)'>", page)
    assert found
    config: dict[str, object] = json.loads(found[1])
    return config


def test_htmx_is_configured_to_ignore_content() -> None:
    config = htmx_config()
    wanted = {
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "disableInheritance": True,
    }
    assert {name: config[name] for name in wanted} == wanted
    assert "[hx-disable]" in str(config["disableSelector"])


def test_every_element_of_ours_that_htmx_acts_on_has_the_key() -> None:
    asking = 0
    for path in (ROOT / "templates").rglob("*.html"):
        text = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", path.read_text(), flags=re.S)
        for element in re.findall(r"<(?!meta)[a-z][^<>]*>", text):
            if re.search(r"\bhx-(?:get|post|put|delete|patch)\b", element):
                asking += 1
                assert 'data-live="{{ HTMX_KEY }}"' in element, (path, element)
    assert asking >= 5


def test_form_template_carries_key_for_live_widgets() -> None:
    assert 'data-live="{{ HTMX_KEY }}"' in (ROOT / "templates/components/form.html").read_text()


def test_key_is_one_for_each_session_and_no_session_has_none() -> None:
    class Session:
        def __init__(self, session_key: str | None) -> None:
            self.session_key = session_key

    def key(session: Session | None) -> str:
        request = RequestFactory().get("/")
        request.session = session  # type: ignore[assignment]  # all that is read of one
        return htmx_key(request)

    assert key(Session("a" * 32)) == key(Session("a" * 32)) != key(Session("b" * 32))
    assert key(None) != key(None)
    assert key(Session(None)) != key(Session(None))
    assert re.fullmatch(r"k[0-9a-f]{32}", key(Session("a" * 32)))


def test_scripts_write_no_markup() -> None:
    for path in [*Path(ROOT / "static/js").rglob("*.js")]:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", path.read_text()
        ), path

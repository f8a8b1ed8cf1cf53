"""Layout of the form for requesting a place: what is needed is shown, the rest is folded."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout

_OBJECTIVES = (
    '<p class="hint">One sentence is enough. '
    "Your line manager reads it before deciding, and your host when planning.</p>"
)
_FOLD = (
    '<details class="more question" id="more" {% if form.unfolded %}open{% endif %}>'
    '<summary>Say more, if you like {% include "components/chevron.html" %}</summary>'
    '{% if form.filled_in %}<p class="hint">We filled in some of it from your last request.</p>{% endif %}'
)
_AGREEMENT = "{{ form.current.words|linebreaks }}"
OBJECTIVE_NAMES = ("objective_1", "objective_2", "objective_3")
FOLDED = (*OBJECTIVE_NAMES[1:], "want_to_see", "dates_note", "serves")


def layout_of(form: Any) -> FormHelper:
    """Return the layout for the fields that ``form`` (a RequestForm) has."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        "form_id",
        Fieldset(
            "What would you like to learn?",
            HTML(_OBJECTIVES),
            "objective_1",
            css_class="question",
        ),
        *_when(form),
        HTML(_FOLD),
        *OBJECTIVE_NAMES[1:],
        "want_to_see",
        "dates_note",
        *(["serves"] if "serves" in form.fields else []),
        HTML("</details>"),
        Fieldset(
            "What you agree to",
            Div(HTML(_AGREEMENT), css_class="panel"),
            "agreement",
            css_class="question",
        ),
    )
    return helper


def _when(form: Any) -> list[Any]:
    """Return the fieldset for dates: session, days by arrangement and waiting list, as they apply."""
    days = [Div("window_starts", "window_ends", css_class="field-parts")] if form.window else []
    extras = [*days, *(["waiting_list"] if "waiting_list" in form.fields else [])]
    sessions = (
        [Field("session", template="shadowing/requests/session_choice.html")]
        if "session" in form.fields
        else []
    )
    return [Fieldset("When would you like to come?", *sessions, *extras, css_class="question")]

"""Form of the action buttons on an offer."""

from django import forms

from accounts.forms.fields import Words


class WordsForm(forms.Form):
    """Optional words with an action."""

    words = Words(required=False, max_length=2000)

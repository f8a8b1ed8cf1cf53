"""What goes with a button on an offer."""

from django import forms

from shadowing.rules.fields import Words


class WordsForm(forms.Form):
    """A few words, where the step wants any."""

    words = Words(required=False, max_length=2000)

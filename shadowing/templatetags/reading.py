"""Template filter ``in_words``: a reflection answer as text (from shadowing.reflections.sharing)."""

from django import template

from shadowing.reflections.sharing import in_words

register = template.Library()
register.filter("in_words", in_words)

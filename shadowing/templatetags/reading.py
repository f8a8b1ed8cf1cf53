"""Answers of a reflection as they are read, for templates (the words are made in shadowing.sharing)."""

from django import template

from shadowing.sharing import in_words

register = template.Library()
register.filter("in_words", in_words)

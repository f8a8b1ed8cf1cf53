"""Answers of a reflection as they are read, for templates (worded in shadowing.reflections.sharing)."""

from django import template

from shadowing.reflections.sharing import in_words

register = template.Library()
register.filter("in_words", in_words)

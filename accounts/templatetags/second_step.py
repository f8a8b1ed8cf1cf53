"""Whether a second step still works, for the pages that show it."""

from django import template

from accounts.sign_in.sealed_secrets import is_unreadable

register = template.Library()
register.filter("lost", is_unreadable)

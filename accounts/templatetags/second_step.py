"""Filter that tells whether a second factor can still be decrypted."""

from django import template

from accounts.sign_in.sealed_secrets import is_unreadable

register = template.Library()
register.filter("lost", is_unreadable)

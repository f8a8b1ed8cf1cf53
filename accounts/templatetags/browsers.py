"""Filter that describes a browser, for the list of sessions."""

from django import template

from accounts.sign_in.user_agents import browser_words

register = template.Library()
register.filter("browser", browser_words)

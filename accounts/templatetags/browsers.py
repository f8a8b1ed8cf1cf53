"""Browsers in words, for the page of places where one is signed in."""

from django import template

from accounts.sign_in.user_agents import browser_words

register = template.Library()
register.filter("browser", browser_words)

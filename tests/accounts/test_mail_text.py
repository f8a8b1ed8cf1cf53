"""Test the text part that is derived from the HTML part of a mail."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from accounts.mail_text import subject_and_text


def text_of(body: str) -> str:
    """Return the text part of a mail with this body."""
    page = f"<head><title>x</title><style>a &gt; b {{}}</style></head>\n<body>\n{body}\n</body>\n</html>"
    return subject_and_text(page)[1].removesuffix("\n")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n   two.</p>\n  <p>Three.</p>", "One two.\n\nThree."),
        ("<p>One<br>two<br><br>three</p>", "One\ntwo\n\nthree"),
        ("<p>One<br><br><br><br>two</p>", "One\n\ntwo"),
        ("<p> </p><p><bdi></bdi></p><p>One</p>", "One"),
        ("<div><p>One</p>two</div>three", "One\n\ntwo\n\nthree"),
        ("<p>It is <strong>now</strong>, <bdi>Ann</bdi>.</p>", "It is now, Ann."),
        ("<p>“a” &amp; &lt;b&gt; &#x27;c&#x27;&nbsp;d</p>", "“a” & <b> 'c' d"),
        ("<p>&amp;amp; &amp;lt;</p>", "&amp; &lt;"),
        ("<ul><li>One</li> <li>two</li></ul>", "- One\n- two"),
        ("<p>Dates:</p><ul><li>One</li></ul>", "Dates:\n\n- One"),
        ("<ol><li>Asked ✓</li><li>Manager (now)</li></ol>", "- Asked ✓\n- Manager (now)"),
        ("<h2>Dates</h2>\n<ul><li>One</li></ul>", "Dates:\n- One"),
        ("<h2>Dates:</h2><ul><li>One</li></ul>", "Dates:\n- One"),
        ("<h2>1. Visit: decide</h2><p>One</p>", "1. Visit: decide\n\nOne"),
        ("<h2>One</h2><h2>Two</h2>", "One\n\nTwo"),
        ('<h2>Wish</h2><p class="quote words">a\n\nb</p>', "Wish:\n> a\n>\n> b"),
        ("<dl><dt>What</dt><dd>Tea</dd><dt>When</dt><dd>now</dd></dl>", "What: Tea\nWhen: now"),
        ("<dl><dt>Away</dt><dd>Ann</dd><dd>Bob</dd></dl>", "Away:\n- Ann\n- Bob"),
        ('<dl><dt>Where</dt><dd class="words">Here\nthere</dd></dl>', "Where:\n> Here\n> there"),
        ("<dl><dt>Empty</dt><dd></dd><dt>When</dt><dd>now</dd></dl>", "When: now"),
        ('<p>See <a href="http://x/?a=1&amp;b=2">it</a></p>', "See it: http://x/?a=1&b=2"),
        ('<p>See <a href="http://x/">it</a> now.</p>', "See it now.\nhttp://x/"),
        ('<p>Ask <a href="mailto:a@b.uk">a@b.uk</a>.</p>', "Ask a@b.uk."),
        ('<p><a href="http://www.x.uk">www.x.uk</a> it is</p>', "www.x.uk it is"),
        ('<p><a href="http://x.uk/%C3%A4">http://x.uk/ä</a></p>', "http://x.uk/ä"),
        ('<p><a class="button" href="http://x/">Decide</a></p>', "Decide:\nhttp://x/"),
        ('<ul><li><a href="http://x/">Tea</a>, Kitchen</li></ul>', "- Tea, Kitchen\n  http://x/"),
        ('<p class="address html-only">Copy <span>it</span></p><p>One</p>', "One"),
        ('<div aria-hidden="true"><span>x</span>▶</div><p>One</p>', "One"),
        ('<p class="foot">Why<br>Sent</p>', "--\nWhy\nSent"),
        (
            '<div class="crossing"><div>A</div></div><p>One</p><p class="foot">Why</p>',
            "One\n\nA\n\n--\nWhy",
        ),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert text_of(html) == text


def test_text_is_tidy() -> None:
    page = "<body>\n\n<p>a  <br><br><br><br>\n\nb</p>\n</body>"
    assert subject_and_text(page)[1] == "a\n\nb\n"


def test_title_is_the_subject() -> None:
    page = "<head><title>Tea &amp; &lt;b&gt;\n now</title></head><body></body>"
    assert subject_and_text(page) == ("Tea & <b> now", "\n")


def rendered(template: str, words: str) -> str:
    return text_of(Template(template).render(Context({"words": words})))


anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")) | st.text(
    st.sampled_from("<>&;'\"#x/ab\n\r\u2028 ")
)


@given(anything)
def test_what_people_write_stays_one_literal_line(words: str) -> None:
    """In a list and in a paragraph: markup stays words, and no line break gets through."""
    said = " ".join(words.split())
    assert rendered("<ul><li>{{ words }}.</li></ul>", words) == f"- {' '.join(f'{words}.'.split())}"
    assert rendered("<p>A <bdi>{{ words }}</bdi> b</p>", words) == " ".join(f"A {said} b".split())
    assert rendered("<dl><dt>A</dt><dd>b {{ words }}</dd></dl>", words) == f"A: {f'b {said}'.strip()}"


@given(anything)
def test_what_people_write_in_lines_is_marked_line_by_line(words: str) -> None:
    lines = rendered('<p class="words">{{ words }}</p>', words).splitlines()
    assert lines == [f"> {line}".rstrip() for line in words.strip().splitlines()]


@given(anything)
def test_subject_is_the_title_without_escapes(words: str) -> None:
    page = Template("<title>{{ words }}</title><body></body>").render(Context({"words": words}))
    assert subject_and_text(page)[0] == " ".join(words.split())

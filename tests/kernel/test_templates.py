"""Templates: mistakes are loud, every page has its frame, and nothing needs an inline script or style."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.template import engines
from jinja2 import UndefinedError

from alongside.kernel import error_pages
from alongside.kernel.jinja import ROOMS
from tests.kernel import gallery

PAGES = sorted(ROOMS.glob("*/templates/**/*.jinja"))


def engine():
    return next(iter(engines.all()))


def render(source: str, **context: object) -> str:
    return engine().from_string(source).render(context)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOMS)))
def test_every_template_compiles_and_has_no_inline_script_or_style(path):
    source = path.read_text()
    shown = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)

    engine().get_template(str(path.relative_to(ROOMS)).partition("/templates/")[2])
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", shown)


@pytest.mark.parametrize(
    "mistake",
    ["{{ nmae }}", "{% if nmae %}{% endif %}", "{{ person.nmae }}", "{% for n in nmae %}{% endfor %}"],
)
def test_a_name_that_is_not_there_is_loud(mistake: str):
    with pytest.raises(UndefinedError):
        render(mistake, person=SimpleNamespace(name="Ann"))


def test_an_option_left_out_of_a_dictionary_is_let_pass():
    assert render("[{{ options.hint }}{{ options.hint.text }}{{ 'x' if false }}]", options={}) == "[]"


def test_what_people_typed_is_escaped():
    assert render("{{ name }}", name="<script>") == "&lt;script&gt;"


def test_an_address_can_carry_a_query():
    assert render("{{ url('choose_your_door', query={'tab': 'a b'}) }}") == "/?tab=a+b"


def test_the_frame_of_a_page():
    html = gallery.page(gallery.Everything(now=gallery.NOW))

    assert "<title>Gallery - Alongside</title>" in html
    assert html.count("<h1") == 1
    assert "<html lang=" in html
    assert "everybody here is invented" in html
    assert "Demonstration Coordinator" in html
    assert "Borsetshire Police" in html


def test_a_page_that_failed_says_so_first():
    form = gallery.Everything(QueryDict("name="), now=gallery.NOW)

    html = gallery.page(form)

    assert "<title>Error: Gallery - Alongside</title>" in html
    assert html.count('class="govuk-error-summary"') == 1
    assert html.index("govuk-error-summary") < html.index("<h1")


def test_no_id_is_used_twice():
    html = gallery.page(gallery.Everything(QueryDict("route=letter"), now=gallery.NOW))
    ids: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: ids.extend(v or "" for k, v in attributes if k == "id")  # type: ignore[method-assign]

    parser.feed(html)

    assert sorted(ids) == sorted(set(ids))


def test_not_there_and_not_for_you_look_the_same(rf):
    not_there, not_for_you = error_pages.not_found(rf.get("/")), error_pages.not_allowed(rf.get("/"))

    assert (not_there.status_code, not_for_you.status_code) == (404, 403)
    assert not_there.content == not_for_you.content


@pytest.mark.parametrize(
    ("page", "status", "heading"),
    [
        (error_pages.bad_request, 400, "There is a problem with this page"),
        (error_pages.not_found, 404, "Page not found"),
        (error_pages.too_many_requests, 429, "Too many tries"),
        (error_pages.server_error, 500, "There is a problem with Alongside"),
        (error_pages.csrf_failure, 403, "This page was open for too long"),
    ],
)
def test_error_pages(rf, page, status: int, heading: str):
    response = page(rf.get("/"))

    assert response.status_code == status
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in response.content.decode()

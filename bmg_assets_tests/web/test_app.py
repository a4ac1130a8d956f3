"""The application as a whole: what is served, below a prefix, to whom, and how an address that is none is answered."""

import pytest

from bmg_assets.launch.access import Access
from bmg_assets_tests.deployment import Deployment
from bmg_assets_tests.web.conftest import Visit


def test_stored_pages_come_as_they_were_written_and_app_pages_allow_only_our_scripts(
    fresh: Deployment, visit: Visit
) -> None:
    fresh.store.write_bytes("reports/Zr-Al-Cu.html", b"<p>a page</p>")
    visitor = visit(fresh)
    stored = visitor.get("/reports/Zr-Al-Cu.html")
    assert (stored.text, "form-action 'none'" in stored.headers["content-security-policy"]) == ("<p>a page</p>", True)
    ours = visitor.get("/")
    assert "script-src 'self'; style-src 'self'" in ours.headers["content-security-policy"]
    assert "unsafe" not in ours.headers["content-security-policy"]
    for file in ("app.css", "colours.css"):
        assert f'href="/static/{file}"' in ours.text
        assert visitor.get(f"/static/{file}").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", ["/nothing", "/static/site.py", "/store_format.json", "/."])
def test_an_address_that_is_none_is_a_page_that_says_so(fresh: Deployment, visit: Visit, path: str) -> None:
    answer = visit(fresh).get(path)
    assert answer.status == 404
    assert "There is no such page." in answer.text


def test_short_addresses_lead_to_stored_pages_or_say_how_they_are_made(fresh: Deployment, visit: Visit) -> None:
    fresh.store.write_bytes("reports/ledger.html", b"ledger")
    visitor = visit(fresh)
    assert visitor.get("/ledger").headers["location"] == "/reports/ledger.html"
    atlas = visitor.get("/atlas")
    assert (atlas.status, "<code>bmg atlas</code> makes it" in atlas.text) == (404, True)


def test_below_a_prefix_every_link_has_it(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh, prefix="/bmg/pages")
    text = visitor.get("/bmg/pages/").text
    assert 'href="/bmg/pages/static/app.css"' in text
    assert 'action="/bmg/pages/systems"' in text
    assert visitor.get("/").status == 404


def test_no_other_name_is_answered_and_no_other_origin_may_send_a_form(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh)
    visitor.headers = {"host": "evil.example"}
    assert visitor.get("/").status == 421
    visitor.headers = {"origin": "http://evil.example"}
    assert visitor.post("/systems", {"system": "Zr-Al-Cu"}).status == 403


def test_where_a_proxy_names_people_nobody_else_changes_anything(fresh: Deployment, visit: Visit) -> None:
    visitor = visit(fresh, access=Access(frozenset({"127.0.0.1"}), user_header="X-Forwarded-User"))
    assert visitor.get("/").status == 200
    fields = {**visitor.hidden("/"), "system": "Zr-Al-Cu"}
    refused = visitor.post("/systems", fields)
    assert (refused.status, "set the header X-Forwarded-User" in refused.text) == (403, True)
    visitor.headers = {"x-forwarded-user": "a.person"}
    assert visitor.post("/systems", fields).status == 303
    assert 'class="who">a.person<' in visitor.get("/").text


def test_what_nobody_foresaw_is_a_page_too(fresh: Deployment, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyError("<b>paper</b>")

    monkeypatch.setattr("bmg_assets.actions.systems.overview_of", fails)
    answer = visit(fresh).get("/")
    assert (answer.status, "This page failed (KeyError" in answer.text, "<b>" in answer.text) == (500, True, False)

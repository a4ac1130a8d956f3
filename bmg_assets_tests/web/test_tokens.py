"""A form is done if this server gave it to this browser not too long ago; otherwise a sentence says why not."""

import pytest

from bmg_assets.web.tokens import LONGEST_S, FormTokens, new_form_id


def test_a_token_holds_for_its_session_and_its_time() -> None:
    clock = [1000.0]
    tokens = FormTokens(now=lambda: clock[0])
    token = tokens.of("mine")
    assert tokens.problem("mine", token) is None
    clock[0] += LONGEST_S + 1
    assert "open for more than 24 h" in str(tokens.problem("mine", token))


@pytest.mark.parametrize("token", ["", "1000", "1000.", ".", "1000.abc", "१०.x", "9" * 400 + ".a", "1000.ü"])
def test_what_is_no_token_of_ours_is_refused(token: str) -> None:
    assert "before the server was started anew" in str(FormTokens().problem("mine", token))


def test_the_token_of_another_session_or_start_is_refused() -> None:
    tokens = FormTokens()
    assert tokens.problem("other", tokens.of("mine")) is not None
    assert FormTokens().problem("mine", tokens.of("mine")) is not None
    assert "keeps no cookies" in str(tokens.problem(None, tokens.of("mine")))


def test_a_token_that_is_lengthened_is_none() -> None:
    tokens = FormTokens()
    made_at, _, mac = tokens.of("1 mine").partition(".")
    assert tokens.problem("mine", f"{made_at} 1.{mac}") is not None


def test_names_of_forms_differ() -> None:
    assert len({new_form_id() for _ in range(100)}) == 100
